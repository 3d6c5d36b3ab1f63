import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatDuration, formatMean, formatShare } from "./measure_formatters";

/** A measured value in a list or form; it is never edited. */
export class MeasureField extends Component {
    static template = "customer_care_kpi.MeasureField";
    static props = { ...standardFieldProps, format: Function };

    get text() {
        return this.props.format(this.props.record.data[this.props.name]);
    }
}

function measureField(displayName, format) {
    return {
        component: MeasureField,
        displayName,
        supportedTypes: ["float"],
        isEmpty: () => false,
        extractProps: () => ({ format }),
    };
}

registry
    .category("fields")
    .add("care_duration", measureField(_t("Duration"), formatDuration))
    .add("care_share", measureField(_t("Share"), formatShare))
    .add("care_mean", measureField(_t("Mean"), formatMean));
