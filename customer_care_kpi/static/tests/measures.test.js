import { describe, beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import {
    contains,
    defineModels,
    fields,
    makeMockEnv,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {
    formatDuration,
    formatMean,
    formatShare,
} from "@customer_care_kpi/measures/measure_formatters";

class Fact extends models.Model {
    _name = "fact";

    team = fields.Selection({
        selection: [
            ["a", "Alpha"],
            ["b", "Beta"],
            ["c", "Gamma"],
        ],
    });
    wait = fields.Float({ string: "Wait (s)", aggregator: "avg", help: "How long it took." });
    rate = fields.Float({ string: "Rate", aggregator: "avg" });

    _records = [
        { id: 1, team: "a", wait: 1800, rate: 1 },
        { id: 2, team: "b", wait: 90000, rate: 0 },
    ];
}

/** What the server answers: means, and False where nothing is known. */
const TOTAL = { "wait:avg": 32400, "rate:avg": 1 / 3, __count: 4, __extra_domain: [] };
const TEAMS = [
    { team: "a", "wait:avg": 5400, "rate:avg": 0.5, __count: 2 },
    { team: "b", "wait:avg": 90000, "rate:avg": 0, __count: 1 },
    { team: "c", "wait:avg": false, "rate:avg": false, __count: 1 },
].map((group) => ({ ...group, __extra_domain: [["team", "=", group.team]] }));

defineMailModels();
defineModels([Fact]);

describe("formatters", () => {
    beforeEach(makeMockEnv);

    test("unknown is empty and zero is zero", () => {
        for (const format of [formatDuration, formatShare, formatMean]) {
            for (const unknown of [false, null, undefined]) {
                expect(format(unknown)).toBe("");
            }
        }
        expect(formatDuration(0)).toBe("0s");
        expect(formatShare(0)).toBe("0%");
        expect(formatMean(0)).toBe("0");
    });

    test("durations are told in the unit people think in", () => {
        expect(formatDuration(45)).toBe("45s");
        expect(formatDuration(59.6)).toBe("1m");
        expect(formatDuration(720)).toBe("12m");
        expect(formatDuration(3599)).toBe("1h 00m");
        expect(formatDuration(5400)).toBe("1h 30m");
        expect(formatDuration(88200)).toBe("24h 30m");
        expect(formatDuration(172800)).toBe("2d 0h");
        expect(formatDuration(273600)).toBe("3d 4h");
    });

    test("shares and means have at most one decimal", () => {
        expect(formatShare(0.4)).toBe("40%");
        expect(formatShare(1 / 3)).toBe("33.3%");
        expect(formatMean(1.25)).toBe("1.3");
        expect(formatMean(2)).toBe("2");
    });
});

async function mountPivot() {
    onRpc("fact", "formatted_read_grouping_sets", () => [[TOTAL], TEAMS]);
    await mountView({
        type: "pivot",
        resModel: "fact",
        arch: `
            <pivot js_class="care_measure_pivot">
                <field name="team" type="row"/>
                <field name="wait" type="measure" widget="care_duration" string="Wait"/>
                <field name="rate" type="measure" widget="care_share"/>
            </pivot>`,
    });
}

test("pivot shows durations and shares, nothing for the unknown", async () => {
    await mountPivot();
    expect(queryAllTexts(".o_value")).toEqual([
        ...["9h 00m", "33.3%"],
        ...["1h 30m", "50%"],
        ...["25h 00m", "0%"],
        ...["", ""],
    ]);
});

test("pivot tells the definition of a measure", async () => {
    await mountPivot();
    expect(".o_pivot_measure_row:first").toHaveAttribute("data-tooltip", "How long it took.");
});

test("pivot downloads hours, and empty cells for the unknown", async () => {
    let model;
    const { Model } = registry.category("views").get("care_measure_pivot");
    patchWithCleanup(Model.prototype, {
        setup() {
            super.setup(...arguments);
            model = this;
        },
    });
    await mountPivot();
    const data = model.exportData();
    expect(data.measure_headers.map((header) => header.title)).toEqual(["Wait (hours)", "Rate"]);
    expect(data.rows.map((row) => row.values.map((cell) => cell.value))).toEqual([
        [9, 1 / 3],
        [1.5, 0.5],
        [25, 0],
        ["", ""],
    ]);
});

test("graph draws hours, and a gap for the unknown", async () => {
    let data, overlay;
    patchWithCleanup(GraphRenderer.prototype, {
        getBarChartData() {
            data = this.model.data;
            overlay = this.model.lineOverlayDataset;
            return super.getBarChartData();
        },
    });
    onRpc("fact", "formatted_read_group", () => TEAMS);
    await mountView({
        type: "graph",
        resModel: "fact",
        arch: `
            <graph js_class="care_measure_graph">
                <field name="team"/>
                <field name="wait" type="measure" widget="care_duration"/>
            </graph>`,
    });
    expect(data.labels).toEqual(["Alpha", "Beta", "Gamma"]);
    expect(data.datasets[0].data).toEqual([1.5, 25, null]);
    expect(overlay).toBe(null);
});

test("list shows durations and shares", async () => {
    await mountView({
        type: "list",
        resModel: "fact",
        arch: `
            <list>
                <field name="wait" widget="care_duration"/>
                <field name="rate" widget="care_share"/>
            </list>`,
        groupBy: ["team"],
    });
    const means = queryAllTexts(".o_group_header .o_list_number");
    expect(means).toEqual(["30m", "100%", "25h 00m", "0%"]);
    await contains(".o_group_header:first").click();
    expect(queryAllTexts(".o_data_cell")).toEqual(["30m", "100%"]);
});
