import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { imageUrl } from "@web/core/utils/urls";
import { DueTime } from "../promise/due";
import { WaitingTime } from "../waiting/waiting";

/** One person of Team Today with load and cards; without a person, the free tickets. */
export class TeamColumn extends Component {
    static template = "customer_care.TeamColumn";
    static components = { DueTime, Dropdown, DropdownItem, WaitingTime };
    static props = {
        column: Object,
        people: { type: Array, element: Object },
        assign: Function,
        openCard: Function,
        openColumn: Function,
        setAway: { type: Function, optional: true },
        shareOut: { type: Function, optional: true },
    };

    get title() {
        return this.props.column.name || _t("Unassigned");
    }

    get avatarUrl() {
        return imageUrl("res.users", this.props.column.user_id, "avatar_128");
    }

    get percent() {
        const { load, capacity } = this.props.column;
        return capacity ? Math.min(Math.round((100 * load) / capacity), 100) : 100;
    }

    get loadLevel() {
        const { load, capacity } = this.props.column;
        if (load >= capacity) {
            return "full";
        }
        return load >= 0.8 * capacity ? "high" : "normal";
    }

    get loadText() {
        const { load, capacity } = this.props.column;
        if (!capacity) {
            return _t("%s tickets, not a member", load);
        }
        return load >= capacity
            ? _t("Full: %(load)s of %(capacity)s", { load, capacity })
            : _t("%(load)s of %(capacity)s", { load, capacity });
    }

    /** Open tickets that are not shown as a card. */
    get more() {
        return this.props.column.open_count - this.props.column.cards.length;
    }

    get others() {
        return this.props.people.filter((person) => person.id !== this.props.column.user_id);
    }

    sayPersonMenu() {
        return _t("What to do with the work of %s", this.props.column.name);
    }

    /** @param {Object} card */
    sayAssign(card) {
        return _t("Assign #%s to…", card.number);
    }

    /** @param {Object} person */
    sayPerson(person) {
        return _t("%(name)s (%(load)s of %(capacity)s)", person);
    }
}
