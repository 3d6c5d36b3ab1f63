import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatWaiting, useClock } from "../waiting/waiting";

const { DateTime } = luxon;

/** Minutes before the end from which a promise needs somebody. */
const SOON = 2 * 60;

/**
 * @param {number} minutes minutes left, negative when late
 * @returns {"calm" | "soon" | "late"}
 */
export function getDueLevel(minutes) {
    if (minutes < 0) {
        return "late";
    }
    return minutes <= SOON ? "soon" : "calm";
}

/**
 * Say how much time a promise has left.
 *
 * @param {number} minutes minutes left, negative when late
 * @returns {string} such as "42 min left", "late by 3 h 5 min"
 */
export function formatDue(minutes) {
    if (minutes < 0) {
        const time = formatWaiting(Math.floor(-minutes));
        return -minutes < 1 ? _t("just late") : _t("late by %s", time);
    }
    return minutes < 1 ? _t("now") : _t("%s left", formatWaiting(Math.floor(minutes)));
}

/** The time that a promise to a customer has left; nothing where none runs. */
export class DueTime extends Component {
    static template = "customer_care.DueTime";
    static props = {
        deadline: { type: [DateTime, String, { value: false }], optional: true },
        metric: { type: [String, { value: false }], optional: true },
        paused: { type: Boolean, optional: true },
        sentence: { type: Boolean, optional: true },
    };

    setup() {
        this.clock = useClock();
    }

    get deadline() {
        const { deadline } = this.props;
        return typeof deadline === "string" ? deserializeDateTime(deadline) : deadline;
    }

    get minutes() {
        return this.deadline.diff(this.clock.now, "minutes").minutes;
    }

    get level() {
        return getDueLevel(this.minutes);
    }

    get text() {
        const time = formatDue(this.minutes);
        if (!this.props.sentence || !this.props.metric) {
            return time;
        }
        return _t("%(what)s before %(when)s, %(time)s", {
            what: this.props.metric,
            when: formatDateTime(this.deadline, { format: this.momentFormat }),
            time,
        });
    }

    /** The time alone for today, with the day for any other. */
    get momentFormat() {
        return this.deadline.hasSame(this.clock.now, "day") ? "HH:mm" : "HH:mm dd/MM";
    }

    get title() {
        const when = formatDateTime(this.deadline);
        return this.props.metric
            ? _t("%(what)s promised until %(when)s", { what: this.props.metric, when })
            : _t("Promised until %s", when);
    }
}

export class DueField extends Component {
    static template = "customer_care.DueField";
    static components = { DueTime };
    static props = { ...standardFieldProps, sentence: { type: Boolean, optional: true } };

    get deadline() {
        const { data } = this.props.record;
        return "is_open" in data && !data.is_open ? false : data[this.props.name];
    }

    get metric() {
        const { data, fields } = this.props.record;
        const found = fields.sla_metric?.selection.find(([word]) => word === data.sla_metric);
        return found ? found[1] : false;
    }

    get isPaused() {
        return Boolean(this.props.record.data.sla_is_paused);
    }
}

registry.category("fields").add("care_due", {
    component: DueField,
    displayName: _t("Time Left"),
    supportedTypes: ["datetime"],
    supportedOptions: [
        {
            label: _t("As a sentence"),
            name: "sentence",
            type: "boolean",
            help: _t("Say what is promised, not only for how long."),
        },
    ],
    fieldDependencies: [
        { name: "sla_metric", type: "selection" },
        { name: "sla_is_paused", type: "boolean" },
        { name: "is_open", type: "boolean" },
    ],
    listViewWidth: [115, 150],
    extractProps: ({ options }) => ({ sentence: Boolean(options.sentence) }),
});
