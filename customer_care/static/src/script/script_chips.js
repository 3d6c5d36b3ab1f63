import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { ScriptDialog } from "./script_dialog";

/** How many scripts stand above the reply box; the others are behind a button. */
const CHIPS = 5;

/**
 * Scripts above the reply box of a ticket. A click puts the words for this customer into
 * the reply, where they are edited before they are sent.
 */
export class ScriptChips extends Component {
    static template = "customer_care.ScriptChips";
    static props = { ticketId: Number, insert: Function };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ scripts: [] });
        onWillStart(() => this.load(this.props.ticketId));
        onWillUpdateProps(async (next) => {
            if (next.ticketId !== this.props.ticketId) {
                await this.load(next.ticketId);
            }
        });
    }

    get chips() {
        return this.state.scripts.slice(0, CHIPS);
    }

    get hasMore() {
        return this.state.scripts.length > CHIPS;
    }

    async load(ticketId) {
        this.state.scripts = await this.orm.call("care.ticket", "get_scripts", [[ticketId]]);
    }

    /** Put a script in, with the words that fit the ticket as it is now. */
    async use(script) {
        const [fresh] = await this.orm.call("care.ticket", "get_scripts", [
            [this.props.ticketId],
            [script.id],
        ]);
        if (!fresh) {
            this.notification.add(
                _t("This script does not fit the ticket any more. Choose another one."),
                { type: "warning" }
            );
            await this.load(this.props.ticketId);
            return;
        }
        this.props.insert(fresh);
    }

    async openAll() {
        await this.load(this.props.ticketId);
        this.dialog.add(ScriptDialog, {
            scripts: this.state.scripts,
            choose: (script) => this.use(script),
        });
    }
}
