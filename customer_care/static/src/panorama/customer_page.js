import { Component } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ContactButtons } from "./contact_buttons";
import { openRecord } from "./open_record";
import { Suggestions } from "./suggestions";
import { Timeline } from "./timeline";

const DEPENDENCIES = [{ name: "care_panorama", type: "json" }];

/** What the parts of the page of a customer share: one answer of the server. */
class CustomerPart extends Component {
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    /** What `_prepare_care_panorama` sent; nothing on a contact that is being created. */
    get page() {
        return this.props.record.data.care_panorama || null;
    }

    /** @param {string} day as the server writes it */
    formatDay(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    /** Read the customer anew, unless something is being edited. */
    async reload() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }

    /** @param {string} method of the contact, which returns an action */
    async call(method) {
        return this.run(await this.orm.call("res.partner", method, [[this.page.id]]));
    }

    /**
     * @param {string | Object} action
     * @param {Object} [context] what it is about; the customer is known
     */
    run(action, context = {}) {
        return this.action.doAction(action, {
            additionalContext: {
                active_model: "res.partner",
                active_id: this.page.id,
                active_ids: [this.page.id],
                ...context,
            },
            onClose: () => this.reload(),
        });
    }
}

/** Who it is, in one sentence; how to reach him; his way through the care stages. */
export class CustomerHead extends CustomerPart {
    static template = "customer_care.CustomerHead";
    static components = { ContactButtons };

    setup() {
        super.setup();
        this.onContact = () => this.reload();
    }

    get isKept() {
        return this.page.journey.stops.some((stop) => stop.is_now && stop.until);
    }

    /** @param {Object} stop */
    sayStop(stop) {
        return [stop.reason, stop.who, stop.note].filter(Boolean).join(" · ");
    }

    /** @param {Object} stop */
    sayUntil(stop) {
        return _t("kept until %s", this.formatDay(stop.until));
    }

    /** @param {Object} entry of what runs underneath */
    open(entry) {
        return openRecord(this.action, entry.model, entry.res_id);
    }

    move() {
        return this.run("customer_care.care_stage_move_action");
    }

    async giveBack() {
        await this.orm.call("res.partner", "action_care_follow_rule", [[this.page.id]]);
        await this.reload();
    }
}

/** What next, and what was. */
export class CustomerStory extends CustomerPart {
    static template = "customer_care.CustomerStory";
    static components = { Suggestions, Timeline };
}

/** Figures, consents and segments. */
export class CustomerSide extends CustomerPart {
    static template = "customer_care.CustomerSide";

    /** @param {Object} consent */
    sayWhat(consent) {
        return `${consent.purpose} · ${consent.channel}`;
    }

    /** @param {Object} consent */
    sayConsent(consent) {
        return `${consent.state}, ${formatDate(deserializeDateTime(consent.on))}`;
    }

    setConsent() {
        return this.run("customer_care.care_consent_set_action");
    }

    /** @param {Object} segment */
    why(segment) {
        return this.run("customer_care.care_segment_why_action", {
            active_id: segment.id,
            default_segment_id: segment.id,
            default_partner_id: this.page.id,
        });
    }
}

for (const [name, component] of [
    ["care_customer_head", CustomerHead],
    ["care_customer_story", CustomerStory],
    ["care_customer_side", CustomerSide],
]) {
    registry.category("view_widgets").add(name, {
        component,
        fieldDependencies: DEPENDENCIES,
    });
}
