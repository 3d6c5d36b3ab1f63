import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TextField, textField } from "@web/views/fields/text/text_field";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useState } from "@odoo/owl";
import { dropAccents, fillSamples, measureSms } from "./sms_size";

/**
 * The text of an SMS with its length and number of parts, counted while one writes: with
 * the words of a customer in it, and with what the system adds.
 */
export class CareSmsField extends TextField {
    static template = "customer_care.SmsField";

    setup() {
        super.setup();
        this.sms = useState({ text: "" });
        useRecordObserver((record) => {
            this.sms.text = record.data[this.props.name] || "";
        });
    }

    onTyped(ev) {
        this.sms.text = ev.target.value;
    }

    get size() {
        const { editor_info: info, is_without_accents: isPlain } = this.props.record.data;
        const { placeholders = [], before = "", after = "" } = info || {};
        if (!this.sms.text.trim()) {
            return measureSms("");
        }
        const text = before + fillSamples(this.sms.text.trim(), placeholders) + after;
        return measureSms(isPlain ? dropAccents(text) : text);
    }

    get summary() {
        const { encoding, length, parts } = this.size;
        if (!parts) {
            return "";
        }
        const values = { length, parts };
        if (encoding === "unicode") {
            return parts === 1
                ? _t("About %(length)s characters, 1 SMS of up to 70.", values)
                : _t("About %(length)s characters, %(parts)s SMS of 67 each.", values);
        }
        return parts === 1
            ? _t("About %(length)s characters, 1 SMS of up to 160.", values)
            : _t("About %(length)s characters, %(parts)s SMS of 153 each.", values);
    }

    get advice() {
        const { encoding, parts } = this.size;
        if (encoding === "unicode" && parts > 1) {
            return _t("Without accents it would be shorter: tick “Drop Accents”.");
        }
        return "";
    }
}

export const careSmsField = {
    ...textField,
    component: CareSmsField,
    displayName: _t("Text Message"),
    supportedTypes: ["text"],
    fieldDependencies: [
        { name: "editor_info", type: "jsonb", readonly: true },
        { name: "is_without_accents", type: "boolean" },
    ],
};

registry.category("fields").add("care_sms", careSmsField);
