import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Kinds of rules whose name says all that there is to say. */
const PLAIN = new Set(["kind", "mood", "priority"]);

/** How urgent a ticket is, with every reason in words. */
export class UrgencyField extends Component {
    static template = "customer_care.Urgency";
    static props = { ...standardFieldProps };

    get info() {
        return this.props.record.data[this.props.name];
    }

    get reasons() {
        const { info } = this;
        if (info.is_by_hand) {
            return [{ text: _t("By hand: %s", info.by_hand) }];
        }
        return info.reasons.map(({ kind, name, points, sentence }) => ({
            text: sentence && !PLAIN.has(kind) ? `${name} – ${sentence}` : name,
            // apart from the words for whoever hears it read
            points: points > 0 ? ` +${points}` : ` ${points}`,
        }));
    }

    get isShown() {
        return Boolean(this.info && (this.info.points || this.info.is_by_hand));
    }
}

registry.category("fields").add("care_urgency", {
    component: UrgencyField,
    displayName: _t("Urgency with Reasons"),
    supportedTypes: ["json"],
});
