import { Component, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { openRecord } from "./open_record";

const { DateTime } = luxon;

/**
 * Everything that happened between a customer and us, newest first: filters, pages that
 * go on where the last one ended, every line opens its record. The arrows move between
 * lines, Enter opens.
 */
export class Timeline extends Component {
    static template = "customer_care.Timeline";
    static props = {
        partnerId: Number,
        // lines and next of the first page without filters
        first: Object,
        // code and label of each filter
        kinds: Array,
        hasColleagues: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.list = useRef("list");
        this.keepLast = new KeepLast();
        this.state = useState({
            kind: "",
            onlyPerson: false,
            lines: this.props.first.lines,
            next: this.props.first.next,
            isLoading: false,
        });
        onWillUpdateProps((next) => this.onNewData(next));
        useEffect(
            () => this.focusWanted(),
            () => [this.state.lines.length]
        );
    }

    get hasFilter() {
        return Boolean(this.state.kind || this.state.onlyPerson);
    }

    /** Lines under the month they happened in. */
    get months() {
        const months = [];
        for (const line of this.state.lines) {
            const name = this.read(line).toFormat("LLLL yyyy");
            if (months.at(-1)?.name !== name) {
                months.push({ name, key: line.key, lines: [] });
            }
            months.at(-1).lines.push(line);
        }
        return months;
    }

    /** What screen readers are told after a filter or a further page. */
    get countText() {
        const count = this.state.lines.length;
        return count === 1 ? _t("1 entry shown") : _t("%s entries shown", count);
    }

    // ------------------------------------------------------------------ words

    /**
     * @param {Object} line
     * @returns {DateTime} a day that is only a day is the same day everywhere
     */
    read(line) {
        return line.is_day ? DateTime.fromSQL(line.on) : deserializeDateTime(line.on);
    }

    /** @param {Object} line */
    sayDay(line) {
        const moment = this.read(line);
        const days = DateTime.now().startOf("day").diff(moment.startOf("day"), "days").days;
        if (days === 0) {
            return _t("Today");
        }
        return days === 1 ? _t("Yesterday") : formatDate(moment);
    }

    /** @param {Object} line */
    sayTime(line) {
        return line.is_day ? "" : this.read(line).toFormat("HH:mm");
    }

    /** @param {Object} line */
    sayDirection(line) {
        return { in: _t("From the customer"), out: _t("To the customer") }[line.direction];
    }

    /** @param {Object} line */
    getUrl(line) {
        return `/odoo/${line.model}/${line.res_id}`;
    }

    // ------------------------------------------------------------------ data

    /** @param {Object} next props: another customer, or the same one read anew */
    async onNewData(next) {
        if (next.partnerId !== this.props.partnerId) {
            Object.assign(this.state, { kind: "", onlyPerson: false });
        }
        if (next.first === this.props.first) {
            return;
        }
        if (this.hasFilter) {
            await this.load(next.partnerId);
        } else {
            this.keepLast.add(Promise.resolve());
            Object.assign(this.state, { ...next.first, isLoading: false });
        }
    }

    /**
     * @param {number} partnerId
     * @param {string | false} before
     */
    async fetch(partnerId, before) {
        const { kind, onlyPerson } = this.state;
        this.state.isLoading = true;
        try {
            return await this.keepLast.add(
                this.orm.call("res.partner", "get_care_timeline", [[partnerId]], {
                    filters: { kinds: kind ? [kind] : [], only_person: onlyPerson },
                    before: before || null,
                })
            );
        } finally {
            this.state.isLoading = false;
        }
    }

    async load(partnerId = this.props.partnerId) {
        Object.assign(this.state, await this.fetch(partnerId, false));
    }

    async loadMore() {
        const shown = this.state.lines.length;
        const page = await this.fetch(this.props.partnerId, this.state.next);
        this.wanted = shown;
        this.state.lines = [...this.state.lines, ...page.lines];
        this.state.next = page.next;
    }

    /** @param {string} kind code of a filter, empty for everything */
    filter(kind) {
        this.state.kind = kind;
        return this.load();
    }

    togglePerson() {
        this.state.onlyPerson = !this.state.onlyPerson;
        return this.load();
    }

    showAll() {
        Object.assign(this.state, { kind: "", onlyPerson: false });
        return this.load();
    }

    // ------------------------------------------------------------------ lines

    /**
     * @param {MouseEvent} ev with a key held down the browser opens a tab of its own
     * @param {Object} line
     */
    onClick(ev, line) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
        return openRecord(this.action, line.model, line.res_id);
    }

    /** Put the focus on the first line of a page that was just added. */
    focusWanted() {
        if (this.wanted) {
            this.list.el.querySelectorAll(".o_care_line")[this.wanted]?.focus();
            this.wanted = 0;
        }
    }

    /** @param {KeyboardEvent} ev on a line */
    onKeydown(ev) {
        const lines = [...this.list.el.querySelectorAll(".o_care_line")];
        const index = lines.indexOf(ev.currentTarget);
        const target = {
            ArrowDown: index + 1,
            ArrowUp: index - 1,
            Home: 0,
            End: lines.length - 1,
        }[ev.key];
        if (target !== undefined) {
            ev.preventDefault();
            lines[Math.min(Math.max(target, 0), lines.length - 1)].focus();
        }
    }
}
