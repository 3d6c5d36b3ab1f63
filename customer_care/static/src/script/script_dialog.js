import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";
import { normalize } from "@web/core/l10n/utils/normalize";

/**
 * @param {string} text
 * @returns {string} lower case without accents; đ has none that could be taken off
 */
function fold(text) {
    return normalize(text).replaceAll("đ", "d");
}

/** All scripts of a ticket with their words, searched without accents. */
export class ScriptDialog extends Component {
    static template = "customer_care.ScriptDialog";
    static components = { Dialog };
    static props = { scripts: Array, choose: Function, close: Function };

    setup() {
        useAutofocus();
        this.state = useState({ query: "" });
    }

    get found() {
        const words = fold(this.state.query).split(/\s+/).filter(Boolean);
        return this.props.scripts.filter((script) => {
            const text = fold(`${script.name} ${script.kind_label} ${script.text}`);
            return words.every((word) => text.includes(word));
        });
    }

    async choose(script) {
        this.props.close();
        await this.props.choose(script);
    }
}
