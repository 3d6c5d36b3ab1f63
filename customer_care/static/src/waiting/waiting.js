import { Component, onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatDateTime, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** How often a waiting time on the screen is counted anew, in milliseconds. */
const TICK = 30_000;
/** Minutes from which a customer has been waiting for long, and for too long. */
const LONG = 4 * 60;
const LATE = 24 * 60;

/**
 * Say a duration in words.
 *
 * @param {number} minutes whole minutes, not negative
 * @returns {string} such as "42 min", "3 h 5 min", "2 d 4 h"
 */
export function formatWaiting(minutes) {
    const hours = Math.floor(minutes / 60);
    if (minutes < 1) {
        return _t("just now");
    }
    if (hours < 1) {
        return _t("%(minutes)s min", { minutes });
    }
    if (hours < 24) {
        return _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 });
    }
    return _t("%(days)s d %(hours)s h", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/**
 * @param {number} minutes
 * @returns {"fresh" | "long" | "late"}
 */
export function getWaitingLevel(minutes) {
    if (minutes >= LATE) {
        return "late";
    }
    return minutes >= LONG ? "long" : "fresh";
}

const clock = reactive({ now: DateTime.now() });
let readers = 0;
let timer;

/**
 * One clock for all waiting times on the screen.
 *
 * @returns {{ now: DateTime }} reactive, moves on every half minute
 */
export function useClock() {
    const state = useState(clock);
    if (!readers) {
        clock.now = DateTime.now();
    }
    onMounted(() => {
        readers++;
        if (readers === 1) {
            timer = browser.setInterval(() => (clock.now = DateTime.now()), TICK);
        }
    });
    onWillUnmount(() => {
        readers--;
        if (!readers) {
            browser.clearInterval(timer);
        }
    });
    return state;
}

/** How long a customer has been waiting for an answer; nothing when he is not. */
export class WaitingTime extends Component {
    static template = "customer_care.WaitingTime";
    static props = {
        since: { type: [DateTime, String, { value: false }], optional: true },
        sentence: { type: Boolean, optional: true },
    };

    setup() {
        this.clock = useClock();
    }

    get since() {
        const { since } = this.props;
        return typeof since === "string" ? deserializeDateTime(since) : since;
    }

    get minutes() {
        return Math.max(Math.floor(this.clock.now.diff(this.since, "minutes").minutes), 0);
    }

    get level() {
        return getWaitingLevel(this.minutes);
    }

    get text() {
        const time = formatWaiting(this.minutes);
        if (!this.props.sentence) {
            return time;
        }
        return this.minutes < 1
            ? _t("The customer has just written")
            : _t("The customer has been waiting for %s", time);
    }

    get title() {
        return _t("Waiting for an answer since %s", formatDateTime(this.since));
    }
}

export class WaitingField extends Component {
    static template = "customer_care.WaitingField";
    static components = { WaitingTime };
    static props = { ...standardFieldProps, sentence: { type: Boolean, optional: true } };
}

registry.category("fields").add("care_waiting", {
    component: WaitingField,
    displayName: _t("Waiting Time"),
    supportedTypes: ["datetime"],
    supportedOptions: [
        {
            label: _t("As a sentence"),
            name: "sentence",
            type: "boolean",
            help: _t("Say who has been waiting, not only for how long."),
        },
    ],
    listViewWidth: [90, 130],
    extractProps: ({ options }) => ({ sentence: Boolean(options.sentence) }),
});
