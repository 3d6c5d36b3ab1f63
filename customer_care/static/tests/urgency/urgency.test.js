import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { UrgencyField } from "@customer_care/urgency/urgency_field";

describe.current.tags("desktop");
defineMailModels();

async function mountUrgency(info) {
    const record = { resModel: "care.ticket", resId: 7, data: { urgency_info: info } };
    await mountWithCleanup(UrgencyField, { props: { record, name: "urgency_info" } });
}

test("points and every reason in words", async () => {
    await mountUrgency({
        points: 40,
        is_by_hand: false,
        by_hand: "",
        reasons: [
            { kind: "words", name: "Lawyer", points: 50, sentence: "The customer says “sue”." },
            { kind: "kind", name: "Praise", points: -10, sentence: "Kind: Praise." },
        ],
    });
    expect(".o_care_urgency .badge:first").toHaveText("Urgency 40");
    expect(queryAllTexts(".o_care_urgency_reason")).toEqual([
        "Lawyer – The customer says “sue”. +50",
        "Praise -10",
    ]);
});

test("by hand, only that reason counts", async () => {
    await mountUrgency({
        points: 0,
        is_by_hand: true,
        by_hand: "Called already",
        reasons: [{ kind: "kind", name: "Complaint", points: 20, sentence: "" }],
    });
    expect(queryAllTexts(".o_care_urgency_reason")).toEqual(["By hand: Called already"]);
});

test("not urgent, nothing shown", async () => {
    await mountUrgency({ points: 0, is_by_hand: false, by_hand: "", reasons: [] });
    expect(".o_care_urgency").toHaveCount(0);
});
