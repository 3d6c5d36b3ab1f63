import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { CustomerHead, CustomerSide, CustomerStory } from "@customer_care/panorama/customer_page";
import { CustomerPanelField } from "@customer_care/customer_panel/customer_panel";
import { Suggestions } from "@customer_care/panorama/suggestions";

describe.current.tags("desktop");
defineMailModels();

const REACH = {
    partner_id: 7,
    ticket_id: false,
    phone: "",
    zalo: "",
    email: "",
    greeting: "",
};

function makeStop(key, values = {}) {
    return {
        key,
        name: "Loyal",
        color: 1,
        on: "2026-03-02",
        reason: "By its rule",
        note: "",
        who: "",
        is_by_hand: false,
        is_now: false,
        until: false,
        ...values,
    };
}

function makePage(values = {}) {
    return {
        id: 7,
        sentence: "Mai, loyal customer since 3/2023.",
        warnings: [],
        reach: REACH,
        journey: { stops: [], has_earlier: false, underneath: [] },
        suggestions: [],
        figures: [],
        consents: [],
        segments: [],
        has_colleagues: false,
        kinds: [],
        timeline: { lines: [], next: false },
        ...values,
    };
}

function makeRecord(values) {
    return {
        data: { care_panorama: makePage(values) },
        isDirty: async () => false,
        load: async () => expect.step("read anew"),
    };
}

async function mountPart(component, values) {
    await mountWithCleanup(component, { props: { record: makeRecord(values) } });
}

test("the sentence, and what one should know first", async () => {
    onRpc("res.partner", "action_care_open_merge", ({ args }) => {
        expect.step(`merge ${args[0][0]}`);
        return { type: "ir.actions.act_window", res_model: "care.merge", views: [] };
    });
    mockService("action", {
        doAction: (action) => expect.step(action.res_model),
    });
    await mountPart(CustomerHead, {
        warnings: [
            { key: "archived", text: "This contact is archived." },
            {
                key: "duplicates",
                text: "Mai N. has the same phone",
                method: "action_care_open_merge",
                label: "Compare and merge",
            },
        ],
    });
    expect(".o_care_customer_sentence").toHaveText("Mai, loyal customer since 3/2023.");
    expect(".alert").toHaveCount(2);
    await contains(".alert button").click();
    expect.verifySteps(["merge 7", "care.merge"]);
});

test("the way through the care stages, with its lock", async () => {
    onRpc("res.partner", "action_care_follow_rule", ({ args }) => {
        expect.step(`back to the rule ${args[0][0]}`);
        return true;
    });
    await mountPart(CustomerHead, {
        journey: {
            has_earlier: true,
            underneath: [
                { key: 1, name: "After the sale", text: "waits 3 days", model: "x", res_id: 1 },
            ],
            stops: [
                makeStop(1, { name: "New", on: "2026-01-02" }),
                makeStop(2, { is_now: true, is_by_hand: true, until: "2026-05-31" }),
            ],
        },
    });
    expect(queryAllTexts(".o_care_stop_name")).toEqual(["New", "Loyal"]);
    expect(".o_care_stop_now").toHaveAttribute("aria-current", "step");
    expect(".o_care_stop_now i[aria-label='By hand']").toHaveCount(1);
    expect(".o_care_stop_until").toHaveText("kept until 05/31/2026");
    expect(".o_care_underneath").toHaveText(/After the sale/);
    await contains(".o_care_give_back").click();
    expect.verifySteps(["back to the rule 7", "read anew"]);
});

test("without a stage it says how one comes", async () => {
    await mountPart(CustomerHead);
    expect(".o_care_journey").toHaveText(/No care stage yet/);
    expect(".o_care_give_back").toHaveCount(0);
});

test("what next, in order, each with its reason; the record is one click away", async () => {
    mockService("action", {
        doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`),
    });
    await mountWithCleanup(Suggestions, {
        props: {
            suggestions: [
                {
                    key: "complaint",
                    rank: 10,
                    icon: "fa-exclamation-circle",
                    title: "Settle the complaint first",
                    reason: "“Noise” is open since 03/02/2026.",
                    model: "care.ticket",
                    res_id: 4,
                },
                {
                    key: "person",
                    rank: 60,
                    icon: "fa-user-plus",
                    title: "Put somebody in charge",
                    reason: "Nobody looks after this customer.",
                },
            ],
        },
    });
    expect(queryAllTexts(".o_care_suggestions li div.text-muted")).toEqual([
        "“Noise” is open since 03/02/2026.",
        "Nobody looks after this customer.",
    ]);
    expect(".o_care_suggestions button").toHaveCount(1);
    await contains(".o_care_suggestions button").click();
    expect.verifySteps(["care.ticket 4"]);
});

test("nothing presses", async () => {
    await mountPart(CustomerStory);
    expect(".o_care_next_steps").toHaveText(/Nothing presses/);
});

test("figures, consents and segments with why", async () => {
    mockService("action", {
        doAction(action, options) {
            const { default_segment_id, default_partner_id } = options.additionalContext;
            expect.step(`${action} ${default_segment_id} ${default_partner_id}`);
        },
    });
    await mountPart(CustomerSide, {
        figures: [{ key: "purchase_count", label: "Purchases", value: "7", help: "" }],
        consents: [
            {
                key: 1,
                channel: "SMS",
                purpose: "Promotion",
                state: "Withdrawn",
                is_granted: false,
                on: "2026-03-02 02:00:00",
            },
        ],
        segments: [{ id: 3, name: "VIP" }],
    });
    expect("[data-figure='purchase_count'] dd").toHaveText("7");
    expect(".o_care_consents li span").toHaveText("Promotion · SMS");
    expect(".o_care_consents li div").toHaveText("Withdrawn, 03/02/2026");
    await contains(".o_care_segments button").click();
    expect.verifySteps(["customer_care.care_segment_why_action 3 7"]);
});

test("a contact of whom nothing is known says so", async () => {
    await mountPart(CustomerSide);
    expect(".o_care_figures").toHaveText(/Not a customer yet/);
    expect(".o_care_consents").toHaveText(/Never asked/);
    expect(".o_care_segments").toHaveText(/In no segment/);
});

test("beside a ticket: the sentence, the buttons, what next, orders and tickets", async () => {
    onRpc("res.partner", "action_view_care_panorama", ({ args }) => {
        expect.step(`page of ${args[0][0]}`);
        return { type: "ir.actions.act_window", res_model: "res.partner", views: [] };
    });
    mockService("action", { doAction: (action) => expect.step(action.res_model) });
    const panel = {
        sentence: "Mai, bought once, today.",
        orders: [{ id: 1, name: "S00001", date: "2026-03-02 02:00:00", amount: "$ 5.00" }],
        orders_hidden: 2,
        tickets: [],
        tickets_more: 0,
        tickets_hidden: 1,
        suggestions: [
            { key: "person", icon: "fa-user-plus", title: "Put somebody in charge", reason: "…" },
        ],
        reach: { ...REACH, ticket_id: 5, phone: "0912 345 678", zalo: "0912345678" },
    };
    await mountWithCleanup(CustomerPanelField, {
        props: {
            name: "customer_panel",
            record: { ...makeRecord(), data: { customer_panel: panel } },
        },
    });
    expect(".o_care_panel_sentence").toHaveText(/Mai, bought once, today./);
    expect(".o_care_call").toHaveAttribute("href", "tel:0912345678");
    expect(".o_care_suggestions li").toHaveCount(1);
    expect(".o_care_panel").toHaveText(/2 entries you may not open/);
    expect(".o_care_panel").toHaveText(/1 entry you may not open/);
    await contains(".o_care_open_customer").click();
    expect.verifySteps(["page of 7", "res.partner"]);
});
