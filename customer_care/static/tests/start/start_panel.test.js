import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const CODES = ["hours", "people", "sources", "stages"];
let states;

function makePanel() {
    return {
        company: "Sao La",
        sent: { text: "Nothing has been sent to anybody.", is_nothing: true },
        steps: CODES.map((code) => ({
            code,
            name: `Step ${code}`,
            text: "",
            state: states[code],
            summary: "",
            choices: false,
        })),
        done: CODES.filter((code) => states[code] !== "todo").length,
        total: CODES.length,
    };
}

beforeEach(() => {
    states = { hours: "done", people: "todo", sources: "todo", stages: "todo" };
    onRpc("care.start", "get_panel", () => makePanel());
    onRpc("care.start", "action_set_state", ({ args: [code, state] }) => {
        expect.step(`${code} ${state}`);
        states[code] = state;
        return makePanel();
    });
    onRpc("care.start", "get_people", () => ({
        roles: [
            { code: "none", name: "No role", sentence: "Sees nothing." },
            { code: "group_lead", name: "Team Lead", sentence: "Shares out the work." },
        ],
        people: [
            { id: 1, name: "Hà", login: "ha", role: "group_lead", is_me: true },
            { id: 2, name: "An", login: "an", role: "none", is_me: false },
        ],
        may_assign: true,
        helpers: [],
    }));
    onRpc("care.start", "get_sources", () => ({
        sources: [],
        customers: 0,
        left_out: [],
        may_switch: true,
    }));
    onRpc("care.start", "get_stages", ({ args: [days] }) => {
        expect.step(`count ${JSON.stringify(days)}`);
        return {
            sliders: [
                {
                    code: "dormant",
                    name: "Dormant",
                    days: 180,
                    lowest: 30,
                    highest: 1095,
                    shipped: 180,
                },
                {
                    code: "former",
                    name: "Former",
                    days: 365,
                    lowest: 60,
                    highest: 1825,
                    shipped: 365,
                },
            ],
            changed: ["New"],
            columns: [{ id: 7, name: "Dormant", today: 1, wanted: days.dormant === 90 ? 5 : 2 }],
            customers: 9,
            is_known: true,
            may_change: true,
        };
    });
});

async function openPanel() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "customer_care.start",
        name: "Set-Up",
    });
    await animationFrame();
}

const step = (code) => `.o_care_start_step[data-step='${code}']`;

test("the panel goes on at the first step to do, and a step can be skipped", async () => {
    await openPanel();
    expect(".o_care_start_sent").toHaveText("Nothing has been sent to anybody.");
    expect(`${step("people")}.o_care_start_open`).toHaveCount(1);
    expect(".o_care_start_open").toHaveCount(1);
    await contains(`${step("people")} .o_care_start_skip`).click();
    await animationFrame();
    expect.verifySteps(["people skipped"]);
    expect(".o_care_start_step[data-step='people'] .badge").toHaveText("Skipped");
});

test("nobody changes his own role; each role is a sentence", async () => {
    await openPanel();
    expect(`${step("people")} li[data-user-id='1'] select`).toHaveCount(0);
    expect(`${step("people")} li[data-user-id='1'] .o_care_start_sentence`).toHaveText(
        "Shares out the work."
    );
    onRpc("care.start", "action_give_role", ({ args }) => {
        expect.step(args);
        return {
            roles: [{ code: "group_lead", name: "Team Lead", sentence: "Shares out the work." }],
            people: [{ id: 2, name: "An", login: "an", role: "group_lead", is_me: false }],
            may_assign: true,
            helpers: [],
        };
    });
    await contains(`${step("people")} li[data-user-id='2'] select`).select("group_lead");
    await animationFrame();
    expect.verifySteps([[2, "group_lead"]]);
});

test("sliders are counted when they rest, and applied on demand alone", async () => {
    states.people = states.sources = "skipped";
    onRpc("care.start", "action_apply_stages", ({ args }) => {
        expect.step(["apply", args[0]]);
        states.stages = "done";
        return makePanel();
    });
    await openPanel();
    expect.verifySteps(["count {}"]);
    const number = `${step("stages")} .o_care_start_number:first`;
    await contains(number).edit("120");
    await contains(number).edit("90");
    expect.verifySteps([]);
    await advanceTime(500);
    await animationFrame();
    expect.verifySteps([`count {"dormant":90,"former":365}`]);
    expect(`${step("stages")} .o_care_start_then`).toHaveText("5");
    await contains(number).edit("400");
    await advanceTime(500);
    expect(`${step("stages")} [role=alert]`).toHaveCount(1);
    expect(`${step("stages")} .o_care_start_apply`).not.toBeEnabled();
    await contains(number).edit("90");
    await advanceTime(500);
    await contains(`${step("stages")} .o_care_start_apply`).click();
    await animationFrame();
    expect.verifySteps([
        `count {"dormant":90,"former":365}`,
        ["apply", { dormant: 90, former: 365 }],
    ]);
    expect(".o_care_start_finished").toHaveCount(1);
});
