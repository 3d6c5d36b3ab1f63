import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ContactButtons } from "../panorama/contact_buttons";

/** The selected ticket of My Work: who asks, the last words, what can be done at once. */
export class WorkPreview extends Component {
    static template = "customer_care.WorkPreview";
    static components = { ContactButtons };
    static props = {
        row: Object,
        preview: { type: [Object, { value: null }], optional: true },
        open: Function,
        take: Function,
    };

    /** What the server sent for this row; nothing while it is on its way. */
    get preview() {
        const { preview, row } = this.props;
        return preview?.id === row.id ? preview : null;
    }

    /** @param {Object} message */
    formatDate(message) {
        return formatDateTime(deserializeDateTime(message.date), { showSeconds: false });
    }

    /** @param {Object} message */
    sayFiles(message) {
        return message.files === 1 ? _t("1 file") : _t("%s files", message.files);
    }
}
