import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

class Ticket extends models.Model {
    _name = "care.ticket";

    name = fields.Char();

    _records = [{ id: 1, name: "Before" }];
}

defineModels([Ticket]);

function makeCard(id) {
    return {
        id,
        number: `00000${id}`,
        name: `Ticket ${id}`,
        who: "Chị Mai",
        care_stage: "",
        stage: "New",
        why: "First answer",
        is_mine: true,
        is_work: true,
        is_complaint: false,
        priority: "normal",
        priority_label: "",
        waiting_since: false,
        channel: "E-mail",
        icon: "fa-envelope-o",
    };
}

async function openAction(tag) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag, name: tag });
    await animationFrame();
}

/** Press a key and let the screen follow. */
async function pressAndWait(key) {
    await press(key);
    await animationFrame();
    await animationFrame();
}

test("in My Work the focus goes with the selection", async () => {
    onRpc("care.ticket", "get_my_work", () => ({
        groups: [
            { word: "today", label: "Waiting since today", rows: [makeCard(1), makeCard(2)] },
            { word: "todo", label: "To do, nobody is waiting", rows: [makeCard(3)] },
        ],
        count: 3,
        limit: 100,
    }));
    onRpc("care.ticket", "get_work_preview", ({ args: [[id]] }) => ({
        id,
        sentence: "",
        request: "",
        messages: [],
    }));
    await openAction("customer_care.my_work");
    const steps = [
        ["j", 2],
        ["ArrowDown", 3],
        ["j", 3],
        ["k", 2],
        ["ArrowUp", 1],
        ["End", 3],
        ["Home", 1],
    ];
    for (const [key, id] of steps) {
        await pressAndWait(key);
        expect(`.o_care_row[data-ticket-id='${id}']`).toBeFocused();
        expect(`.o_care_row[data-ticket-id='${id}']`).toHaveAttribute("aria-selected", "true");
        expect(".o_care_row[tabindex='0']").toHaveCount(1);
    }
});

test("Team Today gives a ticket to somebody and takes it back by keys alone", async () => {
    const owners = { 1: 7, 2: 7, 3: 8 };
    onRpc("care.team", "get_team_today", () => ({
        teams: [{ id: 1, name: "Support" }],
        team_id: 1,
        columns: [false, 7, 9, 8].map((user) => {
            const cards = [1, 2, 3].filter((id) => owners[id] === user).map(makeCard);
            return {
                user_id: user,
                name: user ? `Person ${user}` : "",
                open_count: cards.length,
                load: cards.length,
                capacity: 5,
                cards,
            };
        }),
        figures: { new_today: 0, solved_today: 0, waiting: 0, oldest_waiting: false },
        limit: 15,
    }));
    onRpc("care.ticket", "write", ({ args: [[id], values] }) => {
        owners[id] = values.user_id;
        expect.step(`${id} to ${values.user_id}`);
        return true;
    });
    await openAction("customer_care.team_today");
    const name = (id) => `[data-ticket-id='${id}'] .o_care_card_name`;
    queryFirst(name(1)).focus();
    // over the person without cards, and back
    for (const [key, id] of [
        ["ArrowDown", 2],
        ["ArrowRight", 3],
        ["ArrowLeft", 1],
    ]) {
        await pressAndWait(key);
        expect(name(id)).toBeFocused();
    }
    await pressAndWait("a");
    expect(".o_care_assign_menu").toHaveCount(1);
    await pressAndWait("ArrowDown");
    await pressAndWait("Enter");
    await animationFrame();
    expect.verifySteps(["1 to 9"]);
    expect(`.o_care_column[data-user-id='9'] ${name(1)}`).toBeFocused();
    await pressAndWait("u");
    await animationFrame();
    expect.verifySteps(["1 to 7"]);
    expect(`.o_care_column[data-user-id='7'] ${name(1)}`).toBeFocused();
});

test("a ticket that leaves the view is saved, said and left", async () => {
    onRpc("care.ticket", "web_save", ({ args }) => {
        expect.step(`saved ${args[1].name}`);
        return [];
    });
    await mountView({
        type: "form",
        resModel: "care.ticket",
        resId: 1,
        arch: `<form js_class="care_ticket_form"><field name="name" /></form>`,
        config: { historyBack: () => expect.step("back") },
    });
    await contains("[name=name] input").edit("After");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect.verifySteps(["saved After", "back"]);
    expect(".o_notification").toHaveText(/has left your view/);
    expect(".o_form_button_save").not.toBeVisible();
});
