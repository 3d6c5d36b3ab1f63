import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How often the figure on the screen moves on, and the server is asked, in ms. */
const TICK = 1_000;
const ASK = 60_000;
/** Minutes that one click logs. */
const QUICK_MINUTES = 15;

/**
 * @param {number} seconds whole seconds, not negative
 * @returns {string} such as "0:04:07" and "12:00:00"
 */
export function formatEffort(seconds) {
    const pad = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/**
 * @param {string} text what somebody typed: minutes, or hours and minutes
 * @returns {number} minutes, NaN for anything else
 */
export function parseMinutes(text) {
    const parts = /^\s*(?:(\d{1,2}):)?(\d{1,4})\s*$/.exec(text);
    if (!parts || (parts[1] && Number(parts[2]) > 59)) {
        return NaN;
    }
    return Number(parts[1] || 0) * 60 + Number(parts[2]);
}

/**
 * The user's timer on a ticket. It lives on the server, which says how many seconds have
 * passed; the browser counts on from there with a clock that nobody can set, and asks
 * again now and then and whenever its tab comes back.
 */
export class EffortTimer extends Component {
    static template = "customer_care.EffortTimer";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({
            timer: null,
            seconds: 0,
            form: false,
            minutes: "",
            note: "",
            busy: false,
        });
        this.quickMinutes = QUICK_MINUTES;
        this.asked = 0;
        useAutofocus({ refName: "first" });
        onWillStart(() => this.refresh(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.resId) {
                this.state.form = false;
                return this.refresh(next.record.resId);
            }
        });
        const tick = browser.setInterval(() => this.count(), TICK);
        const ask = browser.setInterval(() => this.refreshVisible(), ASK);
        const onBack = () => this.refreshVisible();
        document.addEventListener("visibilitychange", onBack);
        browser.addEventListener("focus", onBack);
        onWillUnmount(() => {
            browser.clearInterval(tick);
            browser.clearInterval(ask);
            document.removeEventListener("visibilitychange", onBack);
            browser.removeEventListener("focus", onBack);
        });
    }

    // ------------------------------------------------------------------ figures

    get isRunning() {
        return this.state.timer?.state === "running";
    }

    get isIdle() {
        return this.state.timer?.state === "idle";
    }

    get time() {
        return formatEffort(this.state.seconds);
    }

    get total() {
        return formatEffort(this.state.timer.total).replace(/:\d\d$/, "");
    }

    get otherText() {
        return _t("Your timer runs on ticket %s", this.state.timer.other);
    }

    get quickText() {
        return _t("+ %s min", QUICK_MINUTES);
    }

    count() {
        if (this.isRunning) {
            const passed = (browser.performance.now() - this.receivedAt) / 1000;
            this.state.seconds = this.state.timer.seconds + Math.max(Math.floor(passed), 0);
        }
    }

    // ------------------------------------------------------------------ server

    async refresh(resId = this.resId) {
        this.resId = resId;
        if (!resId) {
            this.state.timer = null;
            return;
        }
        const turn = ++this.asked;
        const timer = await this.orm.silent.call("care.ticket", "get_effort", [[resId]]);
        if (turn === this.asked) {
            this.take(timer);
        }
    }

    async refreshVisible() {
        if (document.visibilityState === "visible" && !this.state.busy) {
            try {
                await this.refresh();
            } catch {
                // no connection for a moment: the next turn asks again
            }
        }
    }

    take(timer) {
        this.receivedAt = browser.performance.now();
        this.state.timer = timer;
        this.state.seconds = timer.seconds;
    }

    /**
     * @param {string} method of the ticket
     * @param {...any} args
     * @returns {Promise<boolean>} whether it was done
     */
    async call(method, ...args) {
        if (this.state.busy) {
            return false;
        }
        this.state.busy = true;
        this.asked++;
        try {
            const timer = await this.orm.call("care.ticket", method, [[this.resId], ...args]);
            this.take(timer);
            if (timer.message) {
                this.notification.add(timer.message, { type: "info" });
            }
            return true;
        } finally {
            this.state.busy = false;
        }
    }

    /** Show the new entry in the form, unless somebody is writing in it. */
    async reloadRecord() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }

    // ------------------------------------------------------------------ buttons

    start() {
        this.state.form = false;
        return this.call("start_effort");
    }

    pause() {
        return this.call("pause_effort");
    }

    async stop() {
        if (await this.call("pause_effort")) {
            this.open("stop");
        }
    }

    open(form) {
        this.state.form = form;
        this.state.note = "";
        this.state.minutes = "";
    }

    close() {
        this.state.form = false;
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            this.close();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.log();
        }
    }

    async log() {
        if (this.state.form === "stop") {
            await this.finish(this.call("stop_effort", this.state.note));
            return;
        }
        const minutes = parseMinutes(this.state.minutes);
        if (!(minutes > 0 && minutes <= 24 * 60)) {
            this.notification.add(
                _t("Give minutes, such as 20, or hours and minutes, such as 1:30; at most 24:00."),
                { type: "warning" }
            );
            return;
        }
        await this.finish(this.call("add_effort", minutes, this.state.note));
    }

    async logQuick() {
        await this.finish(this.call("add_effort", QUICK_MINUTES, ""));
    }

    async drop() {
        await this.finish(this.call("drop_effort"));
    }

    async finish(done) {
        if (await done) {
            this.close();
            await this.reloadRecord();
        }
    }
}

registry.category("view_widgets").add("care_effort_timer", { component: EffortTimer });
