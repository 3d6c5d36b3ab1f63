import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { openRecord } from "./open_record";

/** What to do next for a customer, each with its reason; on the page and beside a ticket. */
export class Suggestions extends Component {
    static template = "customer_care.Suggestions";
    static props = { suggestions: Array };

    setup() {
        this.action = useService("action");
    }

    /** @param {Object} suggestion */
    open(suggestion) {
        return openRecord(this.action, suggestion.model, suggestion.res_id);
    }
}
