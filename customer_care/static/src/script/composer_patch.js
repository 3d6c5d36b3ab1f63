import { markup, toRaw } from "@odoo/owl";
import { Composer } from "@mail/core/common/composer";
import { Composer as ComposerModel } from "@mail/core/common/composer_model";
import { Store } from "@mail/core/common/store_service";
import { patch } from "@web/core/utils/patch";
import { ScriptChips } from "./script_chips";

Object.assign(Composer.components, { ScriptChips });

patch(ComposerModel.prototype, {
    /** A reply that was sent or thrown away is made of nothing any more. */
    clear() {
        super.clear();
        toRaw(this).careVariantIds = [];
    },
});

patch(Composer.prototype, {
    /** Whether scripts stand above this box: where one answers the customer of a ticket. */
    get offersCareScripts() {
        return Boolean(
            this.thread?.model === "care.ticket" &&
            this.thread.id &&
            this.props.type === "message" &&
            !this.props.composer.message
        );
    },

    /** Ids of the wordings that the reply was made of, none once it was emptied. */
    get careVariantIds() {
        const composer = toRaw(this.props.composer);
        return composer.composerText?.trim() ? composer.careVariantIds || [] : [];
    },

    /** Put the words of a script where the cursor stands, below what is there already. */
    insertCareScript(script) {
        const composer = toRaw(this.props.composer);
        const ids = this.careVariantIds.filter((id) => id !== script.variant_id);
        if (this.composerService.htmlEnabled) {
            const before = composer.composerText.trim() ? composer.composerHtml.toString() : "";
            // both come clean from the server or the editor
            this.props.composer.composerHtml = markup(before + script.html);
        } else {
            const text = composer.composerText;
            const glue = text.trim() ? "\n\n" : "";
            this.props.composer.composerText = text.trim()
                ? text.replace(/\s+$/, "") + glue + script.text
                : script.text;
            const end = this.props.composer.composerText.length;
            Object.assign(this.props.composer.selection, { start: end, end, direction: "none" });
            this.props.composer.forceCursorMove = true;
        }
        composer.careVariantIds = [...ids, script.variant_id];
        this.props.composer.autofocus++;
    },

    get postData() {
        return { ...super.postData, careVariantIds: this.careVariantIds };
    },

    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        const ids = this.offersCareScripts ? this.careVariantIds : [];
        return ids.length ? { ...context, default_care_script_variant_ids: ids } : context;
    },
});

patch(Store.prototype, {
    async getMessagePostParams({ postData }) {
        const params = await super.getMessagePostParams(...arguments);
        if (postData.careVariantIds?.length && !postData.isNote) {
            params.post_data.care_script_variant_ids = postData.careVariantIds;
        }
        return params;
    },
});
