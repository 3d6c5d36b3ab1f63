import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The sheet with the QR code of the counter: prints, and asks before codes stop to work. */
export class CareCounter extends Interaction {
    static selector = ".o_care_counter_tools";
    dynamicContent = {
        ".o_care_print": { "t-on-click": () => window.print() },
        "form[data-ask]": { "t-on-submit": this.onSubmit },
    };

    onSubmit(ev) {
        ev.preventDefault();
        const form = ev.currentTarget;
        this.services.dialog.add(ConfirmationDialog, {
            body: form.dataset.ask.trim(),
            confirm: () => form.submit(),
            cancel: () => {},
        });
    }
}

registry.category("public.interactions").add("customer_care.counter", CareCounter);
