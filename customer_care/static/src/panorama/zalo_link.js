import { Component } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { useService } from "@web/core/utils/hooks";
import { PhoneField } from "@web/views/fields/phone/phone_field";

const VIETNAM = "84";
/** Digits of a number without its prefix; shorter ones are no mobile phones. */
const SIGNIFICANT = 9;
const MIN_DIGITS = 8;

/**
 * Return the digits that open a chat on zalo.me, as the server does: Vietnamese numbers
 * from their 0 on, others with the code of their country.
 *
 * @param {string | false} phone
 * @returns {string} empty where there is no number
 */
export function getZaloNumber(phone) {
    const text = (phone || "").trim();
    const digits = text.replace(/\D/g, "");
    if (digits.length < MIN_DIGITS || !/^[\d\s+().\-/]+$/.test(text)) {
        return "";
    }
    const core = digits.replace(/^0+/, "");
    if (/^(\+|00)/.test(text) && !core.startsWith(VIETNAM)) {
        return core;
    }
    return `0${core.slice(-SIGNIFICANT)}`;
}

/**
 * A Zalo link beside a phone number of a contact or a ticket. People of customer care have
 * the greeting copied and the contact logged; for everybody else it opens the chat.
 */
export class ZaloLink extends Component {
    static template = "customer_care.ZaloLink";
    static props = { record: Object, name: String };

    setup() {
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    get number() {
        return getZaloNumber(this.props.record.data[this.props.name]);
    }

    get url() {
        return `https://zalo.me/${this.number}`;
    }

    async onClick() {
        const { resModel, resId } = this.props.record;
        const isAgent = await user.hasGroup("customer_care.group_agent_own");
        if (!isAgent || resModel !== "res.partner" || !resId) {
            return;
        }
        const greeting = await this.orm.call("res.partner", "get_care_greeting", [[resId]]);
        const isCopied = await browser.navigator.clipboard.writeText(greeting).then(
            () => true,
            () => false
        );
        await this.orm.call("res.partner", "action_care_log_contact", [[resId]], {
            channel: "zalo",
        });
        this.notification.add(
            isCopied
                ? _t("Logged. A greeting is copied: paste it into the chat.")
                : _t("The chat in Zalo is logged."),
            { type: "success" }
        );
    }
}

patch(PhoneField, { components: { ...PhoneField.components, ZaloLink } });
