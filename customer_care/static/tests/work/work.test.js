import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { TeamColumn } from "@customer_care/team_today/team_column";
import { formatWaiting, getWaitingLevel } from "@customer_care/waiting/waiting";

describe.current.tags("desktop");
defineMailModels();

function makeRow(id, values = {}) {
    return {
        id,
        number: `00000${id}`,
        name: `Ticket ${id}`,
        who: "Chị Mai",
        care_stage: "VIP",
        stage: "New",
        why: "First answer",
        is_mine: true,
        is_work: true,
        is_complaint: false,
        priority: "normal",
        priority_label: "",
        waiting_since: "2026-03-02 01:18:00",
        channel: "E-mail",
        icon: "fa-envelope-o",
        ...values,
    };
}

async function openMyWork() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "customer_care.my_work",
        name: "My Work",
    });
    await animationFrame();
}

test("a waiting time is said in two units at most", async () => {
    await makeMockEnv();
    expect(formatWaiting(0)).toBe("just now");
    expect(formatWaiting(59)).toBe("59 min");
    expect(formatWaiting(185)).toBe("3 h 5 min");
    expect(formatWaiting(3125)).toBe("2 d 4 h");
    expect(getWaitingLevel(239)).toBe("fresh");
    expect(getWaitingLevel(240)).toBe("long");
    expect(getWaitingLevel(1440)).toBe("late");
});

test("My Work moves by J and K and shows the ticket beside the list", async () => {
    mockDate("2026-03-02 02:00:00");
    onRpc("care.ticket", "get_my_work", () => ({
        groups: [{ word: "today", label: "Waiting since today", rows: [makeRow(1), makeRow(2)] }],
        count: 2,
        limit: 100,
    }));
    onRpc("care.ticket", "get_work_preview", ({ args }) => {
        expect.step(`preview ${args[0][0]}`);
        return { id: args[0][0], sentence: "Chị Mai, VIP.", request: "", messages: [] };
    });
    await openMyWork();
    expect(".o_care_row").toHaveCount(2);
    expect(".o_care_row_selected[data-ticket-id='1']").toHaveCount(1);
    expect(queryAllTexts(".o_care_row:first .o_care_waiting")).toEqual(["42 min"]);
    await press("j");
    await animationFrame();
    expect(".o_care_row_selected[data-ticket-id='2']").toHaveCount(1);
    await press("k");
    await animationFrame();
    expect(".o_care_row_selected[data-ticket-id='1']").toHaveCount(1);
    expect.verifySteps(["preview 1", "preview 2", "preview 1"]);
});

test("My Work without work says so", async () => {
    onRpc("care.ticket", "get_my_work", () => ({ groups: [], count: 0, limit: 100 }));
    await openMyWork();
    expect(".o_nocontent_help").toHaveText(/End of day: 0/);
});

test("a person's column says the load in words and offers the others", async () => {
    await mountWithCleanup(TeamColumn, {
        props: {
            column: {
                user_id: 7,
                name: "Lan",
                open_count: 3,
                load: 2,
                capacity: 2,
                cards: [makeRow(1)],
            },
            people: [
                { id: 7, name: "Lan", load: 2, capacity: 2 },
                { id: 8, name: "Huy", load: 0, capacity: 2 },
            ],
            assign: (ticketId, userId) => expect.step(`${ticketId} to ${userId}`),
            openCard: () => {},
            openColumn: () => {},
        },
    });
    expect(".o_care_load").toHaveText("Full: 2 of 2");
    await contains(".o_care_assign").click();
    await contains(".o_care_assign_menu .dropdown-item:contains(Huy)").click();
    expect.verifySteps(["1 to 8"]);
});
