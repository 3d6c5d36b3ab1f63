import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DueTime } from "../promise/due";
import { WaitingTime } from "../waiting/waiting";
import { PraiseCard } from "./praise_card";
import { WorkPreview } from "./work_preview";

/** How often the list is fetched anew while it is on the screen, in milliseconds. */
const REFRESH = 60_000;

/**
 * My Work: one's own open tickets and the free ones of one's teams, by what is promised
 * and by how long the customer has been waiting. J and K (or the arrows, on a row) move, Enter opens, T takes,
 * N starts the next piece. The focus goes with the selection, so that a screen reader
 * says what was chosen.
 */
export class MyWork extends Component {
    static template = "customer_care.MyWork";
    static components = { DueTime, Layout, PraiseCard, WaitingTime, WorkPreview };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.keepLastPreview = new KeepLast();
        this.state = useState({
            groups: [],
            count: 0,
            limit: 0,
            selectedId: this.props.state?.selectedId || false,
            preview: null,
            praise: false,
        });
        this.env.config.setDisplayName(this.props.action.name || _t("My Work"));
        useSetupAction({ getLocalState: () => ({ selectedId: this.state.selectedId }) });
        useHotkey("j", () => this.move(1), { allowRepeat: true });
        useHotkey("k", () => this.move(-1), { allowRepeat: true });
        useHotkey("enter", () => this.open(this.selected), {
            isAvailable: () => Boolean(this.selected) && !this.isOnControl(),
        });
        useHotkey("t", () => this.take(this.selected), {
            isAvailable: () => Boolean(this.selected && !this.selected.is_mine),
        });
        useHotkey("n", () => this.startNext(), { isAvailable: () => this.rows.length > 0 });
        useBus(this.ui.bus, "resize", () => this.loadPreview());
        useEffect(
            () => this.focusSelected(),
            () => [this.state.selectedId, this.state.groups]
        );
        onWillStart(() => this.load());
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), REFRESH);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get rows() {
        return this.state.groups.flatMap((group) => group.rows);
    }

    get selected() {
        return this.rows.find((row) => row.id === this.state.selectedId);
    }

    get hasPreview() {
        return !this.ui.isSmall;
    }

    /** The first row that is work: the customer waits, or we have something to do. */
    get nextRow() {
        return this.rows.find((row) => row.is_work);
    }

    get countText() {
        const { count } = this.state;
        if (count > this.rows.length) {
            return _t("%(shown)s of %(count)s tickets", { shown: this.rows.length, count });
        }
        return count === 1 ? _t("1 ticket") : _t("%s tickets", count);
    }

    /** @param {Object} row */
    sayUrgency(row) {
        return _t("Urgency %s", row.urgency);
    }

    // ------------------------------------------------------------------ data

    async load() {
        const work = await this.orm.call("care.ticket", "get_my_work", []);
        Object.assign(this.state, work);
        if (!this.selected) {
            this.state.selectedId = this.rows[0]?.id || false;
        }
        // the list does not wait for the preview
        this.loadPreview();
    }

    async refresh() {
        if (browser.document?.hidden) {
            return;
        }
        await this.load();
    }

    async loadPreview() {
        const id = this.state.selectedId;
        if (!id || !this.hasPreview) {
            this.state.preview = null;
            return;
        }
        this.state.preview = await this.keepLastPreview.add(
            this.orm.call("care.ticket", "get_work_preview", [[id]])
        );
    }

    // ------------------------------------------------------------------ keyboard

    /** Whether the focus is on something that reacts to Enter itself. */
    isOnControl() {
        const element = document.activeElement;
        return Boolean(element?.closest("button, a, input, select, textarea, .dropdown-menu"));
    }

    /** Put the focus on the selected row, once per wish. */
    focusSelected() {
        if (!this.wantsFocus) {
            return;
        }
        this.wantsFocus = false;
        this.root.el?.querySelector(`[data-ticket-id="${this.state.selectedId}"]`)?.focus();
    }

    /** @param {number} step 1 for the next row, -1 for the one before; more for the ends */
    move(step) {
        const { rows } = this;
        if (!rows.length) {
            return;
        }
        const index = rows.findIndex((row) => row.id === this.state.selectedId);
        const target = rows[Math.min(Math.max(index + step, 0), rows.length - 1)];
        this.wantsFocus = true;
        if (target.id === this.state.selectedId) {
            this.focusSelected();
        } else {
            this.select(target);
        }
    }

    /** @param {KeyboardEvent} ev on a row */
    onRowKeydown(ev) {
        const far = this.rows.length;
        const step = { ArrowDown: 1, ArrowUp: -1, Home: -far, End: far }[ev.key];
        if (step) {
            ev.preventDefault();
            this.move(step);
        }
    }

    // ------------------------------------------------------------------ actions

    /** @param {Object} row */
    select(row) {
        if (row.id !== this.state.selectedId) {
            this.state.selectedId = row.id;
            this.loadPreview();
        }
    }

    /** @param {Object} row */
    onRowClick(row) {
        this.select(row);
        if (!this.hasPreview) {
            this.open(row);
        }
    }

    /** @param {Object} row */
    open(row) {
        return this.action.doAction("customer_care.care_ticket_action", {
            viewType: "form",
            props: { resId: row.id, resIds: this.rows.map(({ id }) => id) },
        });
    }

    /** @param {Object} row */
    async take(row) {
        await this.orm.call("care.ticket", "action_assign_to_me", [[row.id]]);
        // the row or its button may go away: the keyboard stays in the list
        this.wantsFocus = true;
        await this.load();
    }

    /** Take what comes first, if nobody has it, and open it. */
    async startNext() {
        const row = this.nextRow || this.rows[0];
        if (!row.is_mine) {
            await this.orm.call("care.ticket", "action_assign_to_me", [[row.id]]);
        }
        this.state.selectedId = row.id;
        await this.open(row);
    }

    /** @param {number} id of the ticket that a customer praised */
    openTicket(id) {
        return this.action.doAction("customer_care.care_ticket_action", {
            viewType: "form",
            props: { resId: id, resIds: [id] },
        });
    }

    openList() {
        return this.action.doAction("customer_care.care_ticket_action");
    }
}

registry.category("actions").add("customer_care.my_work", MyWork);
