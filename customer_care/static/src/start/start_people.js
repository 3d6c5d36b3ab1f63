import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { startSteps, stepProps } from "./start_panel";

/** Step 2: colleagues with their role, and what each role means. */
export class StartPeople extends Component {
    static template = "customer_care.StartPeople";
    static props = stepProps;

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            data: null,
            isBusy: false,
            invited: { name: "", email: "", role: "group_agent_own" },
        });
        onWillStart(() => this.call("get_people", []));
    }

    /** @param {string} code of a role */
    sentence(code) {
        return this.state.data.roles.find((role) => role.code === code)?.sentence || "";
    }

    /** @param {string} code of a role */
    roleName(code) {
        return this.state.data.roles.find((role) => role.code === code)?.name || "";
    }

    get helpText() {
        return _t(
            "You see who has which role. To change one, ask somebody who manages users: %s.",
            this.state.data.helpers.join(", ")
        );
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
     * @param {Object} person
     * @param {Event} ev change of the role
     */
    async giveRole(person, ev) {
        const select = ev.target;
        try {
            await this.call("action_give_role", [person.id, select.value]);
        } catch (error) {
            select.value = person.role;
            throw error;
        }
    }

    async invite() {
        const { name, email, role } = this.state.invited;
        await this.call("action_invite", [name, email, role]);
        Object.assign(this.state.invited, { name: "", email: "" });
    }

    async done() {
        this.props.onDone(
            await this.orm.call("care.start", "action_set_state", ["people", "done"])
        );
    }
}

startSteps.add("people", StartPeople);
