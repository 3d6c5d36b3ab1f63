import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PivotModel } from "@web/views/pivot/pivot_model";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { isUnknown } from "./measure_formatters";

const HOUR = 3600;

/**
 * Pivot of measured values. In the downloaded sheet an unknown value is an empty cell, not
 * FALSE, and durations are numbers of hours, which a spreadsheet can go on with.
 */
export class MeasurePivotModel extends PivotModel {
    isDuration(measure) {
        return this.metaData.widgets[measure] === "care_duration";
    }

    exportData() {
        const data = super.exportData();
        const measures = this.metaData.activeMeasures;
        data.measure_headers.forEach((header, index) => {
            if (this.isDuration(measures[index % measures.length])) {
                header.title = _t("%(measure)s (hours)", { measure: header.title });
            }
        });
        for (const row of data.rows) {
            row.values.forEach((cell, index) => {
                if (isUnknown(cell.value)) {
                    cell.value = "";
                } else if (
                    cell.value !== "" &&
                    this.isDuration(measures[index % measures.length])
                ) {
                    cell.value = cell.value / HOUR;
                }
            });
        }
        return data;
    }
}

/** The head of a measure tells its definition when it is pointed at. */
export class MeasurePivotRenderer extends PivotRenderer {
    static template = "customer_care_kpi.MeasurePivotRenderer";
}

export const measurePivotView = {
    ...pivotView,
    Model: MeasurePivotModel,
    Renderer: MeasurePivotRenderer,
};

registry.category("views").add("care_measure_pivot", measurePivotView);
