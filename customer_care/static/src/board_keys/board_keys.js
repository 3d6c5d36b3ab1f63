/**
 * Arrow keys on a board: columns (`.o_care_column`) of cards (`.o_care_card`), whose name
 * (`.o_care_card_name`) takes the focus.
 */

/** Columns to the side that an arrow goes. */
const ASIDE = { ArrowLeft: -1, ArrowRight: 1 };
/** Cards within the column that an arrow goes. */
const ALONG = { ArrowUp: -1, ArrowDown: 1 };

/** @param {HTMLElement} [card] nothing happens without one */
export function focusCard(card) {
    card?.querySelector(".o_care_card_name").focus();
}

/**
 * @param {KeyboardEvent} ev
 * @returns {HTMLElement | null} the card that a key is meant for, none where an open menu
 *     has the keys for itself or the key belongs to a shortcut
 */
export function getCardOfKey(ev) {
    const isInMenu = ev.target.closest("[aria-expanded=true]");
    if (isInMenu || ev.ctrlKey || ev.altKey || ev.metaKey) {
        return null;
    }
    return ev.target.closest(".o_care_card");
}

/**
 * Move the focus from a card to its neighbour.
 *
 * @param {HTMLElement} board
 * @param {HTMLElement} card
 * @param {string} key
 * @returns {boolean} whether the key was an arrow
 */
export function moveFocus(board, card, key) {
    const column = card.closest(".o_care_column");
    const cards = [...column.querySelectorAll(".o_care_card")];
    const index = cards.indexOf(card);
    if (key in ALONG) {
        focusCard(cards[index + ALONG[key]]);
    } else if (key in ASIDE) {
        focusCard(findCardBeside(board, column, ASIDE[key], index));
    } else {
        return false;
    }
    return true;
}

/** The card at the same height in the next column that has any, seen in a direction. */
function findCardBeside(board, column, direction, index) {
    const columns = [...board.querySelectorAll(".o_care_column")];
    let place = columns.indexOf(column) + direction;
    for (; columns[place]; place += direction) {
        const cards = columns[place].querySelectorAll(".o_care_card");
        if (cards.length) {
            return cards[Math.min(index, cards.length - 1)];
        }
    }
}
