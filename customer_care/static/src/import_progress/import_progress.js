import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How often a running import is asked how far it is, in milliseconds. */
const EVERY = 2000;
const RUNNING = ["reading", "checking", "writing", "counting"];

/**
 * How far an import is: a bar that moves by itself while the form is open.
 *
 * Nothing is asked while the tab is hidden or somebody edits the form.
 */
export class ImportProgress extends Component {
    static template = "customer_care.ImportProgress";
    static props = { ...standardFieldProps };

    setup() {
        onMounted(() => (this.timer = browser.setInterval(() => this.ask(), EVERY)));
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get data() {
        return this.props.record.data;
    }

    get percent() {
        return Math.floor(this.data[this.props.name] || 0);
    }

    /** Reading says nothing of how much is to come, nor does the last count. */
    get isVague() {
        return !["checking", "writing"].includes(this.data.state);
    }

    get sentence() {
        const count = this.data.line_count;
        switch (this.data.state) {
            case "reading":
                return _t("The file is being read: %(count)s lines so far.", { count });
            case "counting":
                return _t("All lines are done. Customers are being compared.");
            default:
                return _t("%(percent)s percent of %(count)s lines. You can leave this page.", {
                    percent: this.percent,
                    count,
                });
        }
    }

    async ask() {
        const { record } = this.props;
        const isIdle = document.hidden || record.dirty || this.isAsking;
        if (isIdle || !record.resId || !RUNNING.includes(this.data.state)) {
            return;
        }
        this.isAsking = true;
        try {
            await record.load();
        } finally {
            this.isAsking = false;
        }
    }
}

registry.category("fields").add("care_import_progress", {
    component: ImportProgress,
    displayName: _t("Progress of an Import"),
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "line_count", type: "integer" },
    ],
});
