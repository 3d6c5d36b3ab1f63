import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/**
 * How a contact was made: what a button of the log writes down.
 *
 * @returns {Object[]} key, channel, direction, state, icon and label
 */
export function getWays() {
    return [
        {
            key: "called",
            channel: "call",
            direction: "out",
            state: "done",
            icon: "fa-phone",
            label: _t("We called"),
        },
        {
            key: "missed",
            channel: "call",
            direction: "out",
            state: "missed",
            icon: "fa-tty",
            label: _t("We called, nobody answered"),
        },
        {
            key: "was_called",
            channel: "call",
            direction: "in",
            state: "done",
            icon: "fa-volume-control-phone",
            label: _t("The customer called"),
        },
        {
            key: "came",
            channel: "visit",
            direction: "in",
            state: "done",
            icon: "fa-sign-in",
            label: _t("The customer came by"),
        },
        {
            key: "visited",
            channel: "visit",
            direction: "out",
            state: "done",
            icon: "fa-handshake-o",
            label: _t("We visited"),
        },
        {
            key: "zalo",
            channel: "zalo",
            direction: "in",
            state: "done",
            icon: "fa-commenting-o",
            label: _t("The customer wrote in Zalo"),
        },
        {
            key: "chat",
            channel: "chat",
            direction: "in",
            state: "done",
            icon: "fa-comments-o",
            label: _t("The customer wrote in another chat"),
        },
    ];
}

/** Logs a contact with one click, and a word about it when there is one. */
export class LogContact extends Component {
    static template = "customer_care.LogContact";
    static props = {
        channel: String,
        log: Function,
        close: { type: Function, optional: true },
    };

    setup() {
        this.root = useRef("root");
        this.state = useState({ summary: "", isBusy: false });
        onMounted(() => this.root.el.querySelector("button").focus());
    }

    get ways() {
        const { channel } = this.props;
        return getWays().filter((way) => !channel || way.channel === channel);
    }

    /** @param {Object} way */
    async choose(way) {
        if (this.state.isBusy) {
            return; // a double click is one contact
        }
        this.state.isBusy = true;
        try {
            await this.props.log(way, this.state.summary.trim());
            this.props.close?.();
        } finally {
            this.state.isBusy = false;
        }
    }
}
