import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { formatDuration, isUnknown } from "./measure_formatters";

const HOUR = 3600;
const DURATION = "care_duration";

/**
 * Graph of measured values. A mean over nothing is a gap, not a zero; means are never added
 * up; durations are drawn in hours, so that the axis has round numbers.
 */
export class MeasureGraphModel extends GraphModel {
    isMean({ measure, fields } = this.metaData) {
        return fields[measure]?.aggregator === "avg";
    }

    async _loadDataPoints(metaData) {
        const [dataPoints, currencies] = await super._loadDataPoints(metaData);
        if (metaData.fieldAttrs[metaData.measure]?.widget === DURATION) {
            for (const point of dataPoints) {
                point.value = isUnknown(point.value) ? false : point.value / HOUR;
            }
        }
        return [dataPoints, currencies];
    }

    _getData(dataPoints, forceUseAllDataPoints) {
        const data = super._getData(dataPoints, forceUseAllDataPoints);
        if (this.isMean()) {
            const key = (label, index) => JSON.stringify([label, index]);
            const known = new Set();
            for (const point of dataPoints) {
                if (!isUnknown(point.value)) {
                    known.add(key(this._getDatasetLabel(point), point.labelIndex));
                }
            }
            for (const dataset of data.datasets) {
                dataset.data = dataset.data.map((value, index) =>
                    known.has(key(dataset.label, index)) ? value : null
                );
            }
        }
        return data;
    }

    _getLineOverlayDataset() {
        return this.isMean() ? null : super._getLineOverlayDataset();
    }
}

export class MeasureGraphRenderer extends GraphRenderer {
    formatValue(value, allIntegers, formatType) {
        if (isUnknown(value)) {
            return "";
        }
        if (formatType === DURATION) {
            return formatDuration(value * HOUR);
        }
        return super.formatValue(value, allIntegers, formatType);
    }
}

export const measureGraphView = {
    ...graphView,
    Model: MeasureGraphModel,
    Renderer: MeasureGraphRenderer,
};

registry.category("views").add("care_measure_graph", measureGraphView);
