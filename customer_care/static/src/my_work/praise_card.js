import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/**
 * What a customer last said in praise of the user himself. Put away, it stays away; the
 * words are the customer's and show as text.
 */
export class PraiseCard extends Component {
    static template = "customer_care.PraiseCard";
    static props = {
        praise: {
            type: Object,
            shape: {
                id: Number,
                rating: String,
                words: String,
                name: String,
                ticket_id: { type: [Number, Boolean] },
            },
        },
        open: Function,
        dismissed: Function,
    };

    setup() {
        this.orm = useService("orm");
    }

    async dismiss() {
        await this.orm.call("care.feedback", "action_dismiss_praise", [[this.props.praise.id]]);
        this.props.dismissed();
    }
}
