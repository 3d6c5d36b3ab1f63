import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { startSteps, stepProps } from "./start_panel";

/** How long a slider has to rest before customers are counted, in milliseconds. */
const RESTING = 400;

/** Step 4: three sliders, and how many customers would stand where, before anybody moves. */
export class StartStages extends Component {
    static template = "customer_care.StartStages";
    static props = stepProps;

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ data: null, days: {}, isCounting: false, isBusy: false });
        this.count = useDebounced(() => this.load(), RESTING);
        onWillStart(() => this.load());
    }

    get most() {
        return Math.max(1, ...this.state.data.columns.map(({ wanted }) => wanted));
    }

    get applyText() {
        return _t("Apply to %s Customers", this.state.data.customers);
    }

    get changedText() {
        return _t(
            "Somebody wrote rules of your own for: %s. They stay as they are.",
            this.state.data.changed.join(", ")
        );
    }

    /** What is wrong with the days that are chosen, before the server is asked. */
    get problem() {
        const { dormant, former } = this.state.days;
        return dormant && former && dormant >= former
            ? _t("“Dormant” has to begin before “Former”: choose fewer days for the first.")
            : "";
    }

    /** @param {Object} slider */
    sliderLabel(slider) {
        const sentences = {
            new: _t("New: first purchase not longer ago than"),
            dormant: _t("Dormant: no purchase for more than"),
            former: _t("Former: no purchase for more than"),
        };
        return sentences[slider.code] || slider.name;
    }

    /** @param {Object} column */
    width(column) {
        return Math.round((100 * column.wanted) / this.most);
    }

    async load() {
        if (this.problem) {
            return;
        }
        this.state.isCounting = true;
        try {
            const data = await this.keepLast.add(
                this.orm.silent.call("care.start", "get_stages", [this.state.days])
            );
            this.state.data = data;
            for (const slider of data.sliders) {
                this.state.days[slider.code] ??= slider.days;
            }
        } finally {
            this.state.isCounting = false;
        }
    }

    /**
     * @param {Object} slider
     * @param {string} value days
     */
    slide(slider, value) {
        this.state.days[slider.code] = Number(value) || slider.lowest;
        this.count();
    }

    /** Set the sliders back to what was shipped. */
    reset() {
        for (const slider of this.state.data.sliders) {
            this.state.days[slider.code] = slider.shipped;
        }
        return this.load();
    }

    async apply() {
        this.count.cancel();
        this.state.isBusy = true;
        try {
            this.props.onDone(
                await this.orm.call("care.start", "action_apply_stages", [this.state.days])
            );
        } finally {
            this.state.isBusy = false;
        }
    }
}

startSteps.add("stages", StartStages);
