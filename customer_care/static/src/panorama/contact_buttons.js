import { Component } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { LogContact } from "./log_contact";

/**
 * What the server knows of how a customer is reached, see `_prepare_care_reach`.
 *
 * @typedef {Object} Reach
 * @property {number} partner_id
 * @property {number | false} ticket_id
 * @property {string} phone
 * @property {string} zalo digits that zalo.me knows
 * @property {string} email
 * @property {string} greeting
 */

/** Call, Zalo, SMS, E-mail and Log a Contact: beside every customer the same. */
export class ContactButtons extends Component {
    static template = "customer_care.ContactButtons";
    static props = {
        reach: Object,
        onContact: { type: Function, optional: true },
    };
    static defaultProps = { onContact: () => {} };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.popover = usePopover(LogContact, {
            position: "bottom-start",
            popoverClass: "o_care_log_popover",
        });
    }

    get telUrl() {
        return `tel:${this.props.reach.phone.replace(/[^\d+]/g, "")}`;
    }

    get zaloUrl() {
        return `https://zalo.me/${this.props.reach.zalo}`;
    }

    get callTitle() {
        return _t("Call %s", this.props.reach.phone);
    }

    get mailTitle() {
        return _t("Write to %s", this.props.reach.email);
    }

    /** The record that a message is written on: the ticket, else the contact. */
    get thread() {
        const { partner_id, ticket_id } = this.props.reach;
        return ticket_id
            ? { model: "care.ticket", id: ticket_id }
            : { model: "res.partner", id: partner_id };
    }

    // ------------------------------------------------------------------ log

    /** @param {MouseEvent} ev the telephone opens by itself; how it went is one click more */
    onCall(ev) {
        this.openLog(ev, "call");
    }

    /** @param {MouseEvent} ev */
    onLog(ev) {
        this.openLog(ev, "");
    }

    /**
     * @param {MouseEvent} ev
     * @param {string} channel offer only the ways of this one; empty for all
     */
    openLog(ev, channel) {
        const target = ev.currentTarget.closest(".o_care_reach");
        this.popover.open(target, { channel, log: (way, summary) => this.log(way, summary) });
    }

    /**
     * @param {Object} way channel, direction and state
     * @param {string} [summary]
     * @returns {Promise<boolean>}
     */
    async log(way, summary) {
        const { partner_id, ticket_id } = this.props.reach;
        await this.orm.call("res.partner", "action_care_log_contact", [[partner_id]], {
            channel: way.channel,
            direction: way.direction,
            state: way.state,
            summary: summary || null,
            ticket_id: ticket_id || null,
        });
        this.notification.add(_t("Logged: %s.", way.label), { type: "success" });
        await this.props.onContact();
    }

    // ------------------------------------------------------------------ written

    /** The chat opens by itself; its first words wait in the clipboard. */
    async onZalo() {
        const way = {
            channel: "zalo",
            direction: "out",
            state: "done",
            label: _t("a chat in Zalo"),
        };
        const isCopied = await this.copy(this.props.reach.greeting);
        await this.log(way);
        if (isCopied) {
            this.notification.add(_t("A greeting is copied: paste it into the chat."), {
                type: "info",
            });
        }
    }

    /**
     * @param {string} text
     * @returns {Promise<boolean>} false where the browser does not allow it
     */
    async copy(text) {
        try {
            await browser.navigator.clipboard.writeText(text);
            return true;
        } catch {
            return false;
        }
    }

    openSms() {
        return this.compose({
            name: _t("SMS"),
            res_model: "sms.composer",
            context: {
                default_composition_mode: "comment",
                default_res_model: this.thread.model,
                default_res_id: this.thread.id,
                default_number_field_name: "phone",
                dialog_size: "medium",
            },
        });
    }

    openMail() {
        return this.compose({
            name: _t("E-mail"),
            res_model: "mail.compose.message",
            context: {
                default_composition_mode: "comment",
                default_model: this.thread.model,
                default_res_ids: [this.thread.id],
                default_partner_ids: [this.props.reach.partner_id],
                default_subtype_xmlid: "mail.mt_comment",
            },
        });
    }

    /** @param {Object} action */
    compose(action) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                views: [[false, "form"]],
                target: "new",
                ...action,
            },
            { onClose: () => this.props.onContact() }
        );
    }
}
