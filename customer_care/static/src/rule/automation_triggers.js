/**
 * Automations that wait for customers.
 *
 * Odoo's list of triggers finds a group for each trigger in a table of its own and stops
 * at one that is not in it. Ours are kept out of that search and stand in a group of
 * their own, for contacts only.
 */
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { TriggerSelectionField } from "@base_automation/base_automation_trigger_selection_field";

const isOurs = ([value]) => value.startsWith("on_care_");

patch(TriggerSelectionField.prototype, {
    setup() {
        const field = this.props.record.fields[this.props.name];
        if (!field.careTriggers) {
            field.careTriggers = field.selection.filter(isOurs);
            field.selection = field.selection.filter((option) => !isOurs(option));
        }
        super.setup();
    },

    get careTriggers() {
        return this.props.record.fields[this.props.name].careTriggers || [];
    },

    get options() {
        return [...super.options, ...this.careTriggers];
    },

    get groups() {
        const groups = super.groups;
        if (this.props.record.data.model_name === "res.partner") {
            groups.push({
                label: _t("Customer Care"),
                choices: this.careTriggers.map(([value, label]) => ({ value, label })),
            });
        }
        return groups;
    },
});
