import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { debounce } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { focusCard, getCardOfKey, moveFocus } from "../board_keys/board_keys";
import { BoardColumn } from "./board_column";
import { KeepDialog } from "./keep_dialog";

/** How long a move can be undone from its message, in milliseconds. */
const UNDO = 10_000;
/** How long the board waits for the next key of the search, in milliseconds. */
const TYPING = 300;
const FOLDED = "customer_care.care_board.folded";

/**
 * Care Board: one column per care stage with count, value and change this month. A
 * customer is moved by dragging, by the menu of the card or by keys: arrows between
 * cards, M moves, X chooses, L gives back to the rule, U undoes.
 */
export class CareBoard extends Component {
    static template = "customer_care.CareBoard";
    static components = { BoardColumn, Dropdown, DropdownItem, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.board = useRef("board");
        this.keepLast = new KeepLast();
        this.folds = this.readFolds();
        this.state = useState({
            columns: [],
            count: 0,
            limit: 0,
            choices: { people: [], segments: [] },
            criteria: this.props.state?.criteria || {},
            selected: {},
        });
        this.env.config.setDisplayName(this.props.action.name || _t("Care Board"));
        useSetupAction({ getLocalState: () => ({ criteria: { ...this.state.criteria } }) });
        this.onSearch = debounce((text) => this.narrow({ text }), TYPING);
        this.sorting = useSortable({
            ref: this.board,
            elements: ".o_care_card",
            groups: ".o_care_column_stage",
            connectGroups: true,
            ignore: "button, a, input, label",
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
        onWillStart(async () => {
            this.isManager = await user.hasGroup("customer_care.group_manager");
            await this.load();
        });
    }

    // -------------------------------------------------------------------- data

    /** The care stages that customers can be moved to. */
    get stages() {
        return this.state.columns.filter((column) => column.id && column.is_open);
    }

    get selectedIds() {
        return Object.keys(this.state.selected).map(Number);
    }

    get chosenText() {
        return _t("%s chosen", this.selectedIds.length);
    }

    get isNarrowed() {
        return Object.values(this.state.criteria).some(Boolean);
    }

    /** @param {Object} person whether the board shows his customers alone */
    isManagedBy(person) {
        return String(person.id) === this.state.criteria.manager;
    }

    /** @param {Object} segment whether the board shows its customers alone */
    isIn(segment) {
        return String(segment.id) === this.state.criteria.segment_id;
    }

    get total() {
        return this.state.columns.reduce((sum, column) => sum + column.count, 0);
    }

    /** What the server is asked for: the criteria that say something. */
    get asked() {
        return Object.fromEntries(Object.entries(this.state.criteria).filter(([, value]) => value));
    }

    async load() {
        const shown = Object.fromEntries(
            this.state.columns.map(({ id, cards }) => [id, cards.length])
        );
        const board = await this.keepLast.add(
            this.orm.call("care.stage", "get_care_board", [this.asked])
        );
        await Promise.all(board.columns.map((column) => this.fill(column, shown[column.id])));
        Object.assign(this.state, board);
        const ids = new Set(board.columns.flatMap(({ cards }) => cards.map(({ id }) => id)));
        for (const id of this.selectedIds) {
            if (!ids.has(id)) {
                delete this.state.selected[id];
            }
        }
    }

    /**
     * Bring a column to what was on the screen: folded or not, and as many cards.
     *
     * @param {Object} column
     * @param {number} [shown] cards that the screen showed
     */
    async fill(column, shown = 0) {
        if (column.id in this.folds) {
            column.is_folded = this.folds[column.id];
        }
        if (column.is_folded) {
            column.cards = [];
            return;
        }
        const wanted = Math.min(Math.max(shown, 1), column.count);
        while (column.cards.length < wanted) {
            const page = await this.fetchCards(column);
            if (!page.length) {
                break;
            }
            column.cards.push(...page);
        }
    }

    /** @param {Object} column whose next page of cards is asked for */
    fetchCards(column) {
        return this.orm.silent.call("care.stage", "get_care_cards", [
            column.id,
            this.asked,
            column.cards.length,
        ]);
    }

    /** @param {Object} column show one more page of its customers */
    async showMore(column) {
        const known = new Set(column.cards.map(({ id }) => id));
        const page = await this.fetchCards(column);
        column.cards.push(...page.filter(({ id }) => !known.has(id)));
    }

    /** @param {Object} criteria that change, the others stay */
    narrow(criteria) {
        Object.assign(this.state.criteria, criteria);
        return this.load();
    }

    clearCriteria() {
        return this.narrow({ text: "", manager: "", segment_id: "", at_risk: false });
    }

    // ------------------------------------------------------------------- folds

    readFolds() {
        try {
            return JSON.parse(browser.localStorage.getItem(FOLDED)) || {};
        } catch {
            return {};
        }
    }

    /** @param {Object} column to fold, or to open with its customers */
    async toggleFold(column) {
        column.is_folded = !column.is_folded;
        this.folds[column.id] = column.is_folded;
        browser.localStorage.setItem(FOLDED, JSON.stringify(this.folds));
        if (!column.is_folded && !column.cards.length && column.count) {
            await this.showMore(column);
        }
    }

    // -------------------------------------------------------------------- move

    clearTargets() {
        for (const column of this.board.el?.querySelectorAll(".o_care_column_target") || []) {
            column.classList.remove("o_care_column_target");
        }
    }

    /**
     * @param {HTMLElement} element the card
     * @param {HTMLElement} column where it was dropped
     */
    onDrop(element, column) {
        this.askMove(Number(element.dataset.customerId), Number(column.dataset.stageId));
    }

    /** @param {number[]} ids the cards on the board with these ids */
    findCards(ids) {
        const wanted = new Set(ids);
        return this.state.columns.flatMap(({ cards }) => cards.filter(({ id }) => wanted.has(id)));
    }

    /**
     * Ask until when a customer shall be kept in a stage; a chosen card takes all the
     * other chosen ones along.
     *
     * @param {number} customerId
     * @param {number} stageId
     */
    askMove(customerId, stageId) {
        const ids = this.state.selected[customerId] ? this.selectedIds : [customerId];
        this.askMoveAll(ids, stageId);
    }

    /**
     * @param {number[]} ids customers
     * @param {number} stageId
     */
    askMoveAll(ids, stageId) {
        const stage = this.stages.find(({ id }) => id === stageId);
        const cards = this.findCards(ids).filter((card) => card.stage_id !== stageId);
        if (!stage || !cards.length) {
            return;
        }
        this.dialog.add(KeepDialog, {
            names: cards.map(({ name }) => name),
            stage: stage.name,
            move: (until, note) => this.move(cards, stage, until, note),
        });
    }

    /** What the board showed of these cards, for the server to compare. */
    seen(cards, stageId) {
        return cards.map((card) => [card.id, stageId ?? card.stage_id]);
    }

    /** Call the server for these cards; whatever it says, the board is read anew. */
    async change(method, cards, args) {
        try {
            await this.orm.call("res.partner", method, [cards.map(({ id }) => id), ...args]);
        } finally {
            this.movedId = cards[0].id;
            await this.load();
        }
    }

    async move(cards, stage, until, note) {
        const args = [stage.id, until, note || false, this.seen(cards)];
        await this.change("action_care_board_move", cards, args);
        this.state.selected = {};
        this.lastMove?.close();
        const text =
            cards.length === 1
                ? _t("%(customer)s is in “%(stage)s” now.", {
                      customer: cards[0].name,
                      stage: stage.name,
                  })
                : _t("%(count)s customers are in “%(stage)s” now.", {
                      count: cards.length,
                      stage: stage.name,
                  });
        const close = this.notification.add(text, {
            type: "success",
            autocloseDelay: UNDO,
            buttons: [{ name: _t("Undo (key U)"), onClick: () => this.undo() }],
            onClose: () => (this.lastMove = null),
        });
        this.lastMove = { cards, stageId: stage.id, close };
    }

    /** Put the customers of the last move back where they stood. */
    async undo() {
        const { cards, stageId, close } = this.lastMove;
        this.lastMove = null;
        close();
        const before = cards.map((card) => [card.id, card.stage_id, card.lock_until]);
        await this.change("action_care_board_undo", cards, [before, this.seen(cards, stageId)]);
    }

    /** @param {number[]} ids customers whom the rules shall have again */
    async giveBack(ids) {
        const cards = this.findCards(ids).filter((card) => card.lock_until);
        if (!cards.length) {
            this.notification.add(_t("The rule has these customers already."), { type: "info" });
            return;
        }
        await this.change("action_care_follow_rule", cards, []);
        this.state.selected = {};
        const text =
            cards.length === 1
                ? _t("%s follows the rule again.", cards[0].name)
                : _t("%s customers follow the rule again.", cards.length);
        this.notification.add(text, { type: "success" });
    }

    // ------------------------------------------------------------------ choose

    /** @param {Object} card to choose, or not to choose any more */
    toggle(card) {
        if (this.state.selected[card.id]) {
            delete this.state.selected[card.id];
        } else {
            this.state.selected[card.id] = true;
        }
    }

    clearSelection() {
        this.state.selected = {};
    }

    // ---------------------------------------------------------------- keyboard

    /** The focus goes with a card to its new column. */
    focusMoved() {
        if (this.movedId) {
            focusCard(this.board.el?.querySelector(`[data-customer-id="${this.movedId}"]`));
            this.movedId = false;
        }
    }

    /** @param {KeyboardEvent} ev anywhere on the board */
    onKeydown(ev) {
        if (ev.key === "Escape" && this.selectedIds.length) {
            this.clearSelection();
            ev.preventDefault();
            return;
        }
        const element = getCardOfKey(ev);
        if (
            element &&
            (moveFocus(this.board.el, element, ev.key) ||
                this.actOnCard(ev.key.toLowerCase(), element))
        ) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    /** @returns {boolean} whether the key does something with a card */
    actOnCard(key, element) {
        const id = Number(element.dataset.customerId);
        if (key === "x") {
            this.toggle({ id });
        } else if (key === "l") {
            this.giveBack(this.state.selected[id] ? this.selectedIds : [id]);
        } else if (key === "m") {
            const button = element.querySelector(".o_care_move");
            button.focus();
            button.click();
        } else {
            return false;
        }
        return true;
    }

    // -------------------------------------------------------------------- open

    /** @param {Object} card */
    openCard(card) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: card.id,
            views: [[false, "form"]],
        });
    }

    /** @param {Object} card whose moves are asked for */
    openHistory(card) {
        return this.openChanges(card.name, [["partner_id", "=", card.id]]);
    }

    /** @param {Object} column whose moves of this month are asked for */
    openMonth(column) {
        const { id } = column;
        const first = luxon.DateTime.local().startOf("month").toISODate();
        return this.openChanges(column.name, [
            ["on", ">=", first],
            ["initial", "=", false],
            "|",
            ["from_id", "=", id],
            ["to_id", "=", id],
        ]);
    }

    openChanges(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("History of care stages: %s", name),
            res_model: "care.stage.change",
            views: [[false, "list"]],
            domain,
        });
    }

    /** @param {Object} column open the list of all its customers */
    openColumn(column) {
        const chosen = column.id
            ? { search_default_care_stage_id: column.id }
            : { search_default_care_no_stage: 1 };
        return this.action.doAction("customer_care.care_customer_action", {
            additionalContext: { search_default_care_customers: 1, ...chosen },
        });
    }

    openSetUp() {
        return this.action.doAction("customer_care.care_start_action");
    }
}

registry.category("actions").add("customer_care.care_board", CareBoard);
