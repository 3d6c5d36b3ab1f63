import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { ContactButtons } from "../panorama/contact_buttons";
import { openRecord } from "../panorama/open_record";
import { Suggestions } from "../panorama/suggestions";

/**
 * The customer beside a ticket: one sentence, how to reach him, what next, last orders,
 * other open tickets.
 */
export class CustomerPanelField extends Component {
    static template = "customer_care.CustomerPanel";
    static components = { ContactButtons, Suggestions };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.onContact = () => this.reload();
    }

    get panel() {
        return this.props.record.data[this.props.name];
    }

    /** Show what was just logged or sent, unless the ticket is being edited. */
    async reload() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
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
        return openRecord(this.action, model, id);
    }

    /** Everything there is between this customer and us. */
    async openPage() {
        const { partner_id } = this.panel.reach;
        return this.action.doAction(
            await this.orm.call("res.partner", "action_view_care_panorama", [[partner_id]])
        );
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
