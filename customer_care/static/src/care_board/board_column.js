import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

/** Icons of the next step, by its kind; the words stand beside them. */
const ICONS = {
    activity: "fa-calendar-check-o",
    ticket: "fa-ticket",
    none: "fa-calendar-o",
    nobody: "fa-user-times",
};

/** One customer on the Care Board. */
export class BoardCard extends Component {
    static template = "customer_care.BoardCard";
    static components = { Dropdown, DropdownItem };
    static props = {
        card: Object,
        stages: { type: Array, element: Object },
        isSelected: Boolean,
        board: Object,
    };

    get icon() {
        return ICONS[this.props.card.next.kind] || ICONS.none;
    }

    get others() {
        return this.props.stages.filter(({ id }) => id !== this.props.card.stage_id);
    }

    get selectLabel() {
        return _t("Choose %s", this.props.card.name);
    }

    get menuLabel() {
        return _t("Move %s to…", this.props.card.name);
    }

    get lockLabel() {
        return _t("Kept here by hand until %s", this.props.card.lock_text);
    }
}

/** One care stage of the Care Board with count, value, change and customers. */
export class BoardColumn extends Component {
    static template = "customer_care.BoardColumn";
    static components = { BoardCard };
    static props = {
        column: Object,
        stages: { type: Array, element: Object },
        selected: Object,
        board: Object,
    };

    /** Customers that are not shown as a card. */
    get more() {
        return this.props.column.count - this.props.column.cards.length;
    }

    get moreText() {
        return _t("Show more (%s)", this.more);
    }

    /** @param {Object} card */
    isSelected(card) {
        return Boolean(this.props.selected[card.id]);
    }

    get change() {
        const { came, left } = this.props.column;
        return came || left
            ? _t("+%(came)s −%(left)s this month", { came, left })
            : _t("No change this month");
    }

    get changeLabel() {
        return _t("This month %(came)s came in, %(left)s left", this.props.column);
    }

    get unfoldLabel() {
        return _t("Show the customers of %s", this.props.column.name);
    }
}
