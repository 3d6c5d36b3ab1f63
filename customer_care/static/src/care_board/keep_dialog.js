import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** How long a move by hand holds unless another day is chosen, in days. */
export const KEEP_DAYS = 90;
const CHOICES = [30, KEEP_DAYS, 180, 365];

/** Asks until when customers who are moved by hand shall stay where they are put. */
export class KeepDialog extends Component {
    static template = "customer_care.KeepDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        names: { type: Array, element: String },
        stage: String,
        move: Function,
    };

    setup() {
        this.today = DateTime.local().startOf("day");
        this.state = useState({ until: this.dayIn(KEEP_DAYS), note: "", isBusy: false });
        const confirm = useRef("confirm");
        onMounted(() => confirm.el.focus());
    }

    get title() {
        const { names, stage } = this.props;
        return names.length === 1
            ? _t("%(customer)s becomes %(stage)s", { customer: names[0], stage })
            : _t("%(count)s customers become %(stage)s", { count: names.length, stage });
    }

    get firstDay() {
        return serializeDate(this.today);
    }

    get choices() {
        return CHOICES.map((days) => ({
            days,
            day: this.dayIn(days),
            label: days === 365 ? _t("1 year") : _t("%s days", days),
        }));
    }

    get isPossible() {
        return Boolean(this.state.until) && this.state.until >= this.firstDay;
    }

    /** @param {number} days from today on */
    dayIn(days) {
        return serializeDate(this.today.plus({ days }));
    }

    async onSubmit() {
        if (!this.isPossible || this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.props.move(this.state.until, this.state.note.trim());
            this.props.close();
        } finally {
            this.state.isBusy = false;
        }
    }
}
