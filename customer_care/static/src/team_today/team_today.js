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
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { focusCard, getCardOfKey, moveFocus } from "../board_keys/board_keys";
import { WaitingTime } from "../waiting/waiting";
import { TeamColumn } from "./team_column";

/** How often the board is fetched anew while it is on the screen, in milliseconds. */
const REFRESH = 60_000;
/** How long a change can be undone from its message, in milliseconds. */
const UNDO = 10_000;
const LAST_TEAM = "customer_care.team_today.team";

/**
 * Team Today: one column per person with the load and the open tickets, the longest
 * waiting first. A card is given to somebody else by dragging it or by its menu; with
 * the keyboard: arrows between cards, Enter opens, A gives it to somebody, U undoes.
 */
export class TeamToday extends Component {
    static template = "customer_care.TeamToday";
    static components = { Layout, TeamColumn, WaitingTime };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.board = useRef("board");
        this.keepLast = new KeepLast();
        this.state = useState({ teams: [], team_id: false, columns: [], figures: {}, limit: 0 });
        this.chosenId = this.props.state?.teamId || this.readLastTeam();
        this.env.config.setDisplayName(this.props.action.name || _t("Team Today"));
        useSetupAction({ getLocalState: () => ({ teamId: this.chosenId }) });
        this.sorting = useSortable({
            ref: this.board,
            elements: ".o_care_card",
            groups: ".o_care_column",
            connectGroups: true,
            ignore: "button, a",
            cursor: "grabbing",
            delay: 100,
            touchDelay: 300,
            placeholderClasses: ["o_care_card_placeholder"],
            onGroupEnter: ({ group }) => group.classList.add("o_care_column_target"),
            onGroupLeave: ({ group }) => group.classList.remove("o_care_column_target"),
            onDragEnd: () => this.clearTargets(),
            onDrop: ({ element, parent }) => this.onDrop(element, parent),
        });
        useHotkey("u", () => this.undo(), { isAvailable: () => Boolean(this.lastMove) });
        useEffect(
            () => this.focusMoved(),
            () => [this.state.columns]
        );
        onWillStart(() => this.load());
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), REFRESH);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get people() {
        return this.state.columns
            .filter((column) => column.user_id)
            .map(({ user_id, name, load, capacity }) => ({ id: user_id, name, load, capacity }));
    }

    // ------------------------------------------------------------------ data

    async load() {
        const chosen = this.chosenId;
        let board;
        try {
            board = await this.keepLast.add(
                this.orm.silent.call("care.team", "get_team_today", [chosen])
            );
        } catch (error) {
            if (!chosen) {
                throw error;
            }
            // the remembered team is not led any more
            this.chosenId = false;
            board = await this.orm.call("care.team", "get_team_today", [false]);
        }
        Object.assign(this.state, board);
    }

    async refresh() {
        if (!document.hidden && !this.sorting.dragging) {
            await this.load();
        }
    }

    readLastTeam() {
        return Number(browser.localStorage.getItem(LAST_TEAM)) || false;
    }

    /** @param {Event} ev change of the team selector */
    async onTeamChange(ev) {
        this.chosenId = Number(ev.target.value) || false;
        browser.localStorage.setItem(LAST_TEAM, this.chosenId || "");
        await this.load();
    }

    // ------------------------------------------------------------------ reassign

    clearTargets() {
        for (const column of this.board.el.querySelectorAll(".o_care_column_target")) {
            column.classList.remove("o_care_column_target");
        }
    }

    /**
     * @param {HTMLElement} element the card
     * @param {HTMLElement} column where it was dropped
     */
    onDrop(element, column) {
        const cardId = Number(element.dataset.ticketId);
        return this.assign(cardId, Number(column.dataset.userId) || false);
    }

    /**
     * Give a ticket to somebody, with a way back.
     *
     * @param {number} ticketId
     * @param {number | false} userId false takes it back from everybody
     */
    async assign(ticketId, userId) {
        const from = this.state.columns.find((column) =>
            column.cards.some((card) => card.id === ticketId)
        );
        if (!from || from.user_id === userId) {
            return;
        }
        await this.writeUser(ticketId, userId);
        this.lastMove?.close();
        const card = from.cards.find(({ id }) => id === ticketId);
        const target = this.people.find((person) => person.id === userId);
        const text = target
            ? _t("#%(number)s now belongs to %(person)s.", {
                  number: card.number,
                  person: target.name,
              })
            : _t("#%(number)s is free again.", { number: card.number });
        const close = this.notification.add(text, {
            type: "success",
            autocloseDelay: UNDO,
            buttons: [{ name: _t("Undo (key U)"), onClick: () => this.undo() }],
        });
        this.lastMove = { ticketId, userId: from.user_id, close };
    }

    /** Give the last moved ticket back to whoever had it. */
    async undo() {
        const { ticketId, userId, close } = this.lastMove;
        this.lastMove = null;
        close();
        await this.writeUser(ticketId, userId);
    }

    async writeUser(ticketId, userId) {
        await this.orm.write("care.ticket", [ticketId], { user_id: userId });
        this.movedId = ticketId;
        await this.load();
    }

    // ------------------------------------------------------------------ people

    /**
     * @param {Object} column of a person
     * @param {boolean} isAway false: back again
     */
    async setAway(column, isAway) {
        await this.orm.call("care.team", "action_set_away", [column.user_id, isAway]);
        await this.load();
        if (isAway && column.open_count) {
            this.shareOut(column);
        }
    }

    /** @param {Object} column ask, then share the work of this person out */
    shareOut(column) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Share out the work"),
            body: _t(
                "The %(count)s open tickets of %(person)s go to colleagues who are there and have room, by the rule of the team.",
                { count: column.open_count, person: column.name }
            ),
            confirmLabel: _t("Share Out"),
            confirm: () => this.doShareOut(column),
            cancel: () => {},
        });
    }

    /** @param {Object} column */
    async doShareOut(column) {
        const { moved, left, pairs } = await this.orm.call("care.team", "action_share_out", [
            column.user_id,
        ]);
        await this.load();
        const text = left
            ? _t("%(moved)s tickets have somebody else now; for %(left)s nobody had room.", {
                  moved,
                  left,
              })
            : _t("%s tickets have somebody else now.", moved);
        const close = this.notification.add(text, {
            type: left ? "warning" : "success",
            autocloseDelay: UNDO,
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: async () => {
                        close();
                        await this.orm.call("care.team", "action_undo_share_out", [
                            column.user_id,
                            pairs,
                        ]);
                        await this.load();
                    },
                },
            ],
        });
    }

    // ------------------------------------------------------------------ keyboard

    /** The focus goes with a card to its new column. */
    focusMoved() {
        if (this.movedId) {
            focusCard(this.board.el?.querySelector(`[data-ticket-id="${this.movedId}"]`));
            this.movedId = false;
        }
    }

    /** @param {KeyboardEvent} ev anywhere on the board */
    onKeydown(ev) {
        const card = getCardOfKey(ev);
        if (!card) {
            return;
        }
        if (ev.key.toLowerCase() === "a") {
            const button = card.querySelector(".o_care_assign");
            button.focus();
            button.click();
        } else if (!moveFocus(this.board.el, card, ev.key)) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    // ------------------------------------------------------------------ open

    /** @param {Object} card */
    openCard(card) {
        return this.action.doAction("customer_care.care_ticket_action", {
            viewType: "form",
            props: { resId: card.id },
        });
    }

    /** @param {Object} column open the list of all tickets of this person */
    openColumn(column) {
        const domain = [
            ["is_open", "=", true],
            ["user_id", "=", column.user_id],
        ];
        const teams = this.state.teams.map(({ id }) => id);
        domain.push(["team_id", "in", this.state.team_id ? [this.state.team_id] : teams]);
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: column.name || _t("Unassigned"),
            res_model: "care.ticket",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain,
        });
    }
}

registry.category("actions").add("customer_care.team_today", TeamToday);
