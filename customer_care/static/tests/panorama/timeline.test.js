import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { Component, useState, xml } from "@odoo/owl";
import { Timeline } from "@customer_care/panorama/timeline";

describe.current.tags("desktop");
defineMailModels();

const KINDS = [
    ["message", "Messages"],
    ["ticket", "Tickets"],
];

function makeLine(id, values = {}) {
    return {
        key: `ticket-${id}`,
        kind: "ticket",
        on: "2026-03-02 02:00:00",
        is_day: false,
        model: "care.ticket",
        res_id: id,
        title: `Ticket ${id}`,
        text: "It does not run",
        icon: "fa-ticket",
        who: "Mai",
        state: "New",
        direction: "",
        ...values,
    };
}

async function mountTimeline(lines, next = false, props = {}) {
    await mountWithCleanup(Timeline, {
        props: { partnerId: 7, first: { lines, next }, kinds: KINDS, ...props },
    });
}

test("lines stand under their month, with the day in words", async () => {
    mockDate("2026-03-02 10:00:00", 7);
    await mountTimeline([
        makeLine(3),
        makeLine(2, { on: "2026-03-01 02:00:00" }),
        makeLine(1, { on: "2026-02-10 00:00:00", is_day: true }),
    ]);
    expect(queryAllTexts(".o_care_month")).toEqual(["March 2026", "February 2026"]);
    expect(queryAllTexts(".o_care_line time")).toEqual([
        "Today 09:00",
        "Yesterday 09:00",
        "02/10/2026",
    ]);
});

test("words of customers are words, never markup", async () => {
    const payload = "<img src=x onerror=alert(1)>";
    await mountTimeline([
        makeLine(1, { title: payload, text: payload, who: payload, state: payload }),
    ]);
    expect(".o_care_line img").toHaveCount(0);
    expect(".o_care_line_text").toHaveText(payload);
});

test("a filter asks the server; one click shows everything again", async () => {
    onRpc("res.partner", "get_care_timeline", ({ args, kwargs }) => {
        expect.step(`${args[0][0]} ${JSON.stringify(kwargs.filters)} ${kwargs.before}`);
        return { lines: kwargs.filters.kinds.length ? [] : [makeLine(9)], next: false };
    });
    await mountTimeline([makeLine(1)]);
    expect("[data-kind='']").toHaveAttribute("aria-pressed", "true");
    await contains("[data-kind='message']").click();
    expect("[data-kind='message']").toHaveAttribute("aria-pressed", "true");
    expect(".o_care_line").toHaveCount(0);
    expect(".o_care_empty").toHaveText(/Nothing of this kind/);
    await contains(".o_care_empty button").click();
    expect(queryAllTexts(".o_care_line strong")).toEqual(["Ticket 9"]);
    expect.verifySteps([
        '7 {"kinds":["message"],"only_person":false} null',
        '7 {"kinds":[],"only_person":false} null',
    ]);
});

test("people of a company: this contact alone", async () => {
    onRpc("res.partner", "get_care_timeline", ({ kwargs }) => {
        expect.step(kwargs.filters.only_person);
        return { lines: [], next: false };
    });
    await mountTimeline([makeLine(1)], false, { hasColleagues: true });
    await contains(".o_care_only_person").click();
    expect.verifySteps([true]);
    expect(".o_care_only_person").toHaveAttribute("aria-pressed", "true");
});

test("a further page goes on where the last one ended, and takes the focus there", async () => {
    onRpc("res.partner", "get_care_timeline", ({ kwargs }) => {
        expect.step(kwargs.before);
        return { lines: [makeLine(1)], next: false };
    });
    await mountTimeline([makeLine(3), makeLine(2)], "2026-03-02|ticket|2");
    await contains(".o_care_more").click();
    await animationFrame();
    expect.verifySteps(["2026-03-02|ticket|2"]);
    expect(queryAllTexts(".o_care_line strong")).toEqual(["Ticket 3", "Ticket 2", "Ticket 1"]);
    expect(".o_care_more").toHaveCount(0);
    expect(document.activeElement).toBe(queryOne("[data-line='ticket-1']"));
});

test("arrows move between lines, Enter opens the record", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await mountTimeline([makeLine(3), makeLine(2)]);
    expect(queryOne("[data-line='ticket-3']")).toHaveAttribute("href", "/odoo/care.ticket/3");
    queryOne("[data-line='ticket-3']").focus();
    await press("ArrowDown");
    expect(document.activeElement).toBe(queryOne("[data-line='ticket-2']"));
    await press("ArrowDown");
    expect(document.activeElement).toBe(queryOne("[data-line='ticket-2']"));
    await press("Home");
    await press("Enter");
    expect.verifySteps(["care.ticket 3"]);
});

test("an empty timeline says what will stand there", async () => {
    await mountTimeline([]);
    expect(".o_care_empty").toHaveText(/Nothing has happened yet/);
});

test("a customer read anew shows what is new; a filter that is set is kept", async () => {
    onRpc("res.partner", "get_care_timeline", ({ kwargs }) => {
        expect.step(kwargs.filters.kinds.join());
        return { lines: [makeLine(5)], next: false };
    });
    class Parent extends Component {
        static components = { Timeline };
        static props = {};
        static template = xml`<Timeline partnerId="state.id" first="state.first" kinds="kinds"/>`;
        setup() {
            this.kinds = KINDS;
            this.state = useState({ id: 7, first: { lines: [makeLine(1)], next: false } });
        }
    }
    const parent = await mountWithCleanup(Parent);
    parent.state.first = { lines: [makeLine(2), makeLine(1)], next: false };
    await animationFrame();
    expect(".o_care_line").toHaveCount(2);
    await contains("[data-kind='ticket']").click();
    parent.state.first = { lines: [makeLine(3)], next: false };
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".o_care_line strong")).toEqual(["Ticket 5"]);
    Object.assign(parent.state, { id: 8, first: { lines: [makeLine(6)], next: false } });
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".o_care_line strong")).toEqual(["Ticket 6"]);
    expect("[data-kind='']").toHaveAttribute("aria-pressed", "true");
    expect.verifySteps(["ticket", "ticket"]);
});
