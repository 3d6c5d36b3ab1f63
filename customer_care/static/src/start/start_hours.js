import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { startSteps, stepProps } from "./start_panel";

/** Step 1: hours of the week and holidays of the years to come, looked at before written. */
export class StartHours extends Component {
    static template = "customer_care.StartHours";
    static props = stepProps;

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ data: null, isBusy: false, teams: {} });
        onWillStart(async () => {
            await this.load({});
            for (const team of this.state.data.teams) {
                this.state.teams[team.id] = true;
            }
        });
    }

    get years() {
        const years = new Map();
        for (const day of this.state.data.days) {
            if (!years.has(day.year)) {
                years.set(day.year, []);
            }
            years.get(day.year).push(day);
        }
        return [...years].map(([year, days]) => ({ year, days }));
    }

    get count() {
        return this.state.data.days.filter((day) => day.is_on).length;
    }

    get hoursText() {
        return _t(
            "Monday to Friday 8:00–12:00 and 13:30–17:30, in the time zone %s.",
            this.state.data.zone
        );
    }

    get applyText() {
        return _t("Use These Hours and %s Days Off", this.count);
    }

    get tetChoices() {
        const { tet_days } = this.state.data.choices;
        return Array.from({ length: Math.min(tet_days, 4) }, (_, before) => ({
            before,
            after: tet_days - before,
        }));
    }

    async load(choices) {
        this.state.data = await this.keepLast.add(
            this.orm.call("care.start", "get_hours", [choices])
        );
    }

    /**
     * A choice holds at once; the days off that follow from it come a moment later.
     *
     * @param {Object} changes of the choices
     */
    choose(changes) {
        Object.assign(this.state.data.choices, changes);
        this.looking = this.load({ ...this.state.data.choices });
        return this.looking;
    }

    async apply() {
        this.state.isBusy = true;
        try {
            await this.looking; // whoever is faster than the answer means the new choice
            const { choices, days, teams } = this.state.data;
            const leftOut = days.filter((day) => !day.is_on && !day.is_known);
            const panel = await this.orm.call("care.start", "action_apply_hours", [
                choices,
                leftOut.map(({ key }) => key),
                teams.map(({ id }) => id).filter((id) => this.state.teams[id]),
            ]);
            this.props.onDone(panel);
        } finally {
            this.state.isBusy = false;
        }
    }
}

startSteps.add("hours", StartHours);
