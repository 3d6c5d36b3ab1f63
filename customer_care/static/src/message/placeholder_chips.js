import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useExternalListener, useRef } from "@odoo/owl";

/** Where a placeholder can be put: fields of words of this form. */
const EDITABLE =
    ".o_field_widget[name=subject] input, .o_field_widget[name=sms_text] textarea, .o_field_widget[name=body_html] .odoo-editor-editable, .o_field_widget[name=body] .odoo-editor-editable";

/**
 * Placeholders as chips. One click, or Enter on a chip, puts it where one wrote last.
 */
export class PlaceholderChips extends Component {
    static template = "customer_care.PlaceholderChips";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        this.notification = useService("notification");
        this.last = null;
        useExternalListener(document, "selectionchange", () => this.remember());
        useExternalListener(document, "focusin", () => this.remember());
    }

    get pieces() {
        return this.props.record.data.editor_info?.placeholders || [];
    }

    /** Keep the place where one writes, for when a chip has the focus. */
    remember() {
        const form = this.root.el?.closest(".o_form_view, .modal");
        const active = document.activeElement;
        const target = active?.closest?.(EDITABLE);
        if (!target || !form?.contains(target)) {
            return;
        }
        if (target.isContentEditable) {
            const selection = document.getSelection();
            if (selection.rangeCount && target.contains(selection.anchorNode)) {
                this.last = { target, range: selection.getRangeAt(0).cloneRange() };
            }
        } else {
            const { selectionStart: start, selectionEnd: end } = target;
            this.last = { target, start, end };
        }
    }

    insert(piece) {
        const { target, range, start, end } = this.last || {};
        if (!target?.isConnected) {
            this.notification.add(
                _t("Click first into the text where the placeholder shall stand."),
                { type: "info" }
            );
            return;
        }
        target.focus();
        if (range) {
            const selection = document.getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
        } else {
            target.setSelectionRange(start, end);
        }
        // as if typed, so that every editor notices, and undo works
        document.execCommand("insertText", false, `{{${piece.name}}}`);
        this.remember();
    }
}

export const placeholderChips = {
    component: PlaceholderChips,
    fieldDependencies: [{ name: "editor_info", type: "jsonb", readonly: true }],
};

registry.category("view_widgets").add("care_placeholders", placeholderChips);
