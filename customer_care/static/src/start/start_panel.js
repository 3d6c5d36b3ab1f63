import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** How each step is done: code of the step → component with the props of a step. */
export const startSteps = registry.category("customer_care.start_steps");

/** Props of every component of {@link startSteps}. */
export const stepProps = {
    step: Object,
    /** (panel) => void: the step was done, this is the set-up now */
    onDone: Function,
};

/**
 * Set-up panel: the steps of the first hour, one open at a time. Whoever stops goes on
 * later at the first step that is still to do.
 */
export class StartPanel extends Component {
    static template = "customer_care.StartPanel";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ panel: null, openCode: "" });
        this.env.config.setDisplayName(this.props.action.name || _t("Set-Up"));
        onWillStart(async () => {
            const panel = await this.orm.call("care.start", "get_panel", []);
            this.show(panel);
        });
    }

    get progress() {
        const { done, total } = this.state.panel;
        return total ? Math.round((100 * done) / total) : 0;
    }

    get progressText() {
        return _t("%(done)s of %(total)s steps done", this.state.panel);
    }

    get isDone() {
        return this.state.panel.done === this.state.panel.total;
    }

    /** @param {Object} step */
    getComponent(step) {
        return startSteps.get(step.code, null);
    }

    /** @param {Object} step */
    stateText(step) {
        return { done: _t("Done"), skipped: _t("Skipped"), todo: _t("To do") }[step.state];
    }

    /** @param {Object} step */
    stateIcon(step) {
        return { done: "fa-check-circle", skipped: "fa-minus-circle", todo: "fa-circle-o" }[
            step.state
        ];
    }

    /** @param {Object} panel of the server; the first step to do is opened */
    show(panel) {
        this.state.panel = panel;
        const next = panel.steps.find((step) => step.state === "todo");
        this.state.openCode = next ? next.code : "";
    }

    /** @param {Object} step to open, or to close */
    toggle(step) {
        this.state.openCode = this.state.openCode === step.code ? "" : step.code;
    }

    /**
     * @param {Object} step
     * @param {"done" | "skipped" | "todo"} state
     */
    async setState(step, state) {
        this.show(await this.orm.call("care.start", "action_set_state", [step.code, state]));
    }

    openBoard() {
        return this.action.doAction("customer_care.care_board_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("customer_care.start", StartPanel);
