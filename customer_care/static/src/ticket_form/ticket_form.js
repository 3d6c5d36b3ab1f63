import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FetchRecordError } from "@web/model/relational_model/errors";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * The form of a ticket. Whoever hands it to somebody else may not see it any more: then
 * it is saved, a sentence says so, and the form gives way to the page before it.
 */
export class CareTicketFormController extends FormController {
    setup() {
        super.setup();
        this.handOverNotification = useService("notification");
    }

    async save(params) {
        try {
            return await super.save(params);
        } catch (error) {
            if (!(error instanceof FetchRecordError) || this.env.inDialog) {
                throw error;
            }
            // it is saved: nothing of it may be sent again on the way out
            await this.model.root.discard();
            this.handOverNotification.add(
                _t("Saved. The ticket is with somebody else now and has left your view."),
                { type: "success" }
            );
            this.env.config.historyBack();
            return true;
        }
    }
}

registry.category("views").add("care_ticket_form", {
    ...formView,
    Controller: CareTicketFormController,
});
