import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The counter speaks up when so much of the space is used. */
const NEARLY_FULL = 0.8;

/**
 * A form of a customer: asks what the topic needs, tells how much room is left, and is
 * sent once. Without JavaScript every field shows and the server does the rest.
 */
export class CareForm extends Interaction {
    static selector = ".o_care_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        ".o_care_category": { "t-on-change": this.applyTopic },
        "textarea[maxlength]": { "t-on-input": this.countCharacters },
        ".o_care_reach input": { "t-on-input": this.checkReach },
    };

    setup() {
        this.isSent = false;
    }

    start() {
        this.applyTopic();
        this.countCharacters();
        this.checkReach();
        const alert = this.el.querySelector(".alert-danger");
        if (alert) {
            alert.focus();
            alert.scrollIntoView({ block: "center" });
        }
        // coming back with the browser's Back button shows a page that was sent
        this.addListener(window, "pageshow", (ev) => ev.persisted && this.allowSending());
    }

    get buttons() {
        return this.el.querySelectorAll("button[type='submit']");
    }

    /** Show the fields that the chosen topic asks for, and its hint. */
    applyTopic() {
        const select = this.el.querySelector(".o_care_category");
        if (!select) {
            return;
        }
        const topic = select.selectedOptions[0].dataset;
        for (const field of this.el.querySelectorAll("[data-care-ask]")) {
            const asking = topic[field.dataset.careAsk];
            field.classList.toggle("d-none", asking === "hidden");
            const input = field.querySelector("input.form-control");
            const optional = field.querySelector("label .text-muted");
            optional?.classList.toggle("d-none", asking === "required");
            // a hidden file input cannot tell the visitor that it is missing
            input.required = asking === "required" && input.type !== "file";
        }
        this.el.querySelector(".o_care_hint").textContent = topic.hint;
    }

    countCharacters() {
        const textarea = this.el.querySelector("textarea[maxlength]");
        const counter = this.el.querySelector(".o_care_count");
        if (!textarea || !counter) {
            return;
        }
        const { length } = textarea.value;
        const room = textarea.maxLength - length;
        counter.textContent =
            length > textarea.maxLength * NEARLY_FULL ? _t("%s characters left", room) : "";
    }

    /** One of phone and e-mail is enough; without any the browser asks, files kept. */
    checkReach() {
        const inputs = [...this.el.querySelectorAll(".o_care_reach input")];
        const isReachable = inputs.some((input) => input.value.trim());
        inputs[0]?.setCustomValidity(
            isReachable ? "" : _t("Please give a phone number or an e-mail address.")
        );
    }

    /** @param {SubmitEvent} ev */
    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
        // after this event, so that the button's own value still goes along
        this.waitForTimeout(() => {
            for (const button of this.buttons) {
                button.disabled = true;
            }
            this.el.setAttribute("aria-busy", "true");
        }, 0);
    }

    allowSending() {
        this.isSent = false;
        this.el.removeAttribute("aria-busy");
        for (const button of this.buttons) {
            button.disabled = false;
        }
    }
}

registry.category("public.interactions").add("customer_care.care_form", CareForm);
