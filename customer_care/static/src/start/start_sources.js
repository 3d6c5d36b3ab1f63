import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { startSteps, stepProps } from "./start_panel";

/** Step 3: where purchases are found, who is no customer, and the way in for a file. */
export class StartSources extends Component {
    static template = "customer_care.StartSources";
    static props = stepProps;

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ data: null, isBusy: false });
        onWillStart(() => this.call("get_sources", []));
    }

    get knownText() {
        return _t("%s customers are known.", this.state.data.customers);
    }

    /** @param {Object} source what was found there, in words */
    sayFound(source) {
        return _t("%(purchases)s purchases of %(customers)s customers since %(since)s", source);
    }

    async call(method, args) {
        this.state.isBusy = true;
        try {
            this.state.data = await this.orm.call("care.start", method, args);
        } finally {
            this.state.isBusy = false;
        }
    }

    /**
     * @param {Object} source
     * @param {Event} ev of its switch
     */
    async toggle(source, ev) {
        const box = ev.target;
        try {
            await this.call("action_switch_source", [source.id, box.checked]);
        } catch (error) {
            box.checked = source.is_on;
            throw error;
        }
    }

    /** @param {Object} reason why somebody is no customer */
    sayLeftOut(reason) {
        return _t("%(label)s: %(count)s", reason);
    }

    openImport() {
        return this.action.doAction("customer_care.care_import_action", { viewType: "form" });
    }

    async done() {
        await this.call("action_know_customers", []);
        this.props.onDone(
            await this.orm.call("care.start", "action_set_state", ["sources", "done"])
        );
    }
}

startSteps.add("sources", StartSources);
