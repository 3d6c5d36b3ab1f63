import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The customer beside a ticket: one sentence, phone, last orders, other open tickets. */
export class CustomerPanelField extends Component {
    static template = "customer_care.CustomerPanel";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get panel() {
        return this.props.record.data[this.props.name];
    }

    get telUrl() {
        return `tel:${this.panel.phone.replace(/[^\d+]/g, "")}`;
    }

    get zaloUrl() {
        return `https://zalo.me/${this.panel.zalo}`;
    }

    get hiddenOrders() {
        return this.sayHidden(this.panel.orders_hidden);
    }

    get hiddenTickets() {
        return this.sayHidden(this.panel.tickets_hidden);
    }

    /**
     * @param {number} count
     * @returns {string}
     */
    sayHidden(count) {
        return count === 1
            ? _t("1 entry you may not open")
            : _t("%s entries you may not open", count);
    }

    /**
     * @param {string} date as the server writes it
     * @returns {string}
     */
    formatDay(date) {
        return formatDate(deserializeDateTime(date));
    }

    /**
     * @param {string} model
     * @param {number} id
     */
    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openTickets() {
        const { commercial_partner_id: customer } = this.props.record.data;
        return this.action.doAction("customer_care.care_ticket_action", {
            additionalContext: {
                search_default_open: 1,
                search_default_partner_id: customer.id,
            },
        });
    }
}

registry.category("fields").add("care_customer_panel", {
    component: CustomerPanelField,
    displayName: _t("Customer at a Glance"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "commercial_partner_id", type: "many2one" }],
});
