import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const STAGES = { 1: "Potential", 2: "Loyal", 3: "VIP" };
let standing, locks, asked;

function makeCard(id) {
    return {
        id,
        name: `Customer ${id}`,
        stage_id: standing[id],
        value: "1.000 ₫",
        last_contact: "Last contact today",
        next:
            id === 1
                ? { kind: "nobody", text: "Nobody in charge", late: true }
                : { kind: "none", text: "Nothing planned", late: false },
        manager: "",
        is_at_risk: id === 3,
        lock_until: locks[id] || false,
        lock_text: locks[id] || "",
    };
}

function makeColumn(id) {
    const cards = Object.keys(standing)
        .map(Number)
        .filter((customer) => standing[customer] === id)
        .map(makeCard);
    return {
        id,
        name: STAGES[id],
        description: "",
        color: 0,
        is_folded: false,
        is_open: true,
        count: cards.length,
        value: "5.000 ₫",
        came: 1,
        left: 2,
        cards,
    };
}

beforeEach(() => {
    mockDate("2026-06-15 05:00:00");
    standing = { 1: 1, 2: 1, 3: 2 };
    locks = {};
    asked = [];
    onRpc("res.users", "has_group", () => true);
    onRpc("care.stage", "get_care_board", ({ args }) => {
        asked.push(args[0]);
        return {
            columns: [1, 2, 3].map(makeColumn),
            count: 3,
            limit: 20,
            choices: {
                people: [{ id: 7, name: "An" }],
                segments: [{ id: 9, name: "Birthday" }],
            },
        };
    });
    onRpc("res.partner", "action_care_board_move", ({ args }) => {
        const [ids, stageId, until, note, seen] = args;
        expect.step({ ids, stageId, until, note, seen });
        for (const id of ids) {
            standing[id] = stageId;
            locks[id] = until;
        }
        return true;
    });
});

async function openBoard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "customer_care.care_board",
        name: "Care Board",
    });
    await animationFrame();
}

const card = (id) => `[data-customer-id='${id}']`;
const name = (id) => `${card(id)} .o_care_card_name`;
const column = (id) => `.o_care_column[data-stage-id='${id}']`;

/** Drag a customer to a column; the board takes a press for a drag after a moment. */
async function dragTo(id, stageId) {
    const { drop, moveTo } = await contains(card(id)).drag();
    await advanceTime(200);
    await moveTo(".o_care_narrow");
    await moveTo(column(stageId));
    await drop();
}

/** Press a key and let the screen follow. */
async function pressAndWait(key) {
    await press(key);
    await animationFrame();
    await animationFrame();
}

test("dragging asks until when, ninety days unless told otherwise", async () => {
    await openBoard();
    expect(queryAllTexts(".o_care_column h2")).toEqual(["Potential", "Loyal", "VIP"]);
    expect(`${card(1)} .o_care_next`).toHaveText("Nobody in charge");
    expect(`${card(1)} .o_care_next .fa-user-times`).toHaveCount(1);
    expect(`${card(3)} .o_care_risk`).toHaveCount(1);
    await dragTo(1, 3);
    await animationFrame();
    expect(".modal-title").toHaveText("Customer 1 becomes VIP");
    expect(queryFirst("#o_care_keep_until").value).toBe("2026-09-13");
    expect.verifySteps([]);
    await contains(".o_care_keep_confirm").click();
    await animationFrame();
    expect.verifySteps([
        { ids: [1], stageId: 3, until: "2026-09-13", note: false, seen: [[1, 1]] },
    ]);
    expect(`${column(3)} ${card(1)} .o_care_lock`).toHaveText(/2026-09-13/);
    expect(name(1)).toBeFocused();
});

test("whoever leaves the dialog leaves the customer", async () => {
    await openBoard();
    await dragTo(1, 2);
    await animationFrame();
    await contains(".modal-footer .btn-secondary").click();
    await animationFrame();
    expect.verifySteps([]);
    expect(`${column(1)} ${card(1)}`).toHaveCount(1);
});

test("a day in the past is refused before anything is asked of the server", async () => {
    await openBoard();
    await dragTo(1, 2);
    await animationFrame();
    await contains("#o_care_keep_until").edit("2026-06-14", { confirm: false });
    await animationFrame();
    expect(".modal [role=alert]").toHaveText(/today or a day to come/);
    expect(".o_care_keep_confirm").not.toBeEnabled();
});

test("keys alone: walk, move, give back, undo", async () => {
    onRpc("res.partner", "action_care_board_undo", ({ args }) => {
        expect.step(args);
        standing[1] = 1;
        locks = {};
        return true;
    });
    onRpc("res.partner", "action_care_follow_rule", ({ args }) => {
        expect.step(["rule", args[0]]);
        locks = {};
        return true;
    });
    await openBoard();
    queryFirst(name(1)).focus();
    for (const [key, id] of [
        ["ArrowDown", 2],
        ["ArrowRight", 3],
        ["ArrowLeft", 1],
    ]) {
        await pressAndWait(key);
        expect(name(id)).toBeFocused();
    }
    await pressAndWait("m");
    expect(".o_care_move_menu").toHaveCount(1);
    await pressAndWait("ArrowDown");
    await pressAndWait("Enter");
    await animationFrame();
    expect(".o_care_keep_confirm").toBeFocused();
    await pressAndWait("Enter");
    await animationFrame();
    expect.verifySteps([
        { ids: [1], stageId: 2, until: "2026-09-13", note: false, seen: [[1, 1]] },
    ]);
    expect(`${column(2)} ${name(1)}`).toBeFocused();
    await pressAndWait("l");
    expect.verifySteps([["rule", [1]]]);
    await pressAndWait("u");
    expect.verifySteps([[[1], [[1, 1, false]], [[1, 2]]]]);
    expect(`${column(1)} ${name(1)}`).toBeFocused();
});

test("several are moved together", async () => {
    await openBoard();
    queryFirst(name(1)).focus();
    await pressAndWait("x");
    await contains(`${card(2)} .o_care_choose`).click();
    expect(".o_care_chosen [role=status]").toHaveText("2 chosen");
    await dragTo(2, 3);
    await animationFrame();
    expect(".modal-title").toHaveText("2 customers become VIP");
    await contains(".modal .btn:contains('30 days')").click();
    await contains("#o_care_keep_note").edit("Quen giám đốc", { confirm: false });
    await contains(".o_care_keep_confirm").click();
    await animationFrame();
    expect.verifySteps([
        {
            ids: [1, 2],
            stageId: 3,
            until: "2026-07-15",
            note: "Quen giám đốc",
            seen: [
                [1, 1],
                [2, 1],
            ],
        },
    ]);
    expect(".o_care_chosen").toHaveCount(0);
});

test("what the server refuses leaves the board as the server has it", async () => {
    expect.errors(1);
    onRpc("res.partner", "action_care_board_move", () => {
        standing[1] = 3;
        throw new Error("moved by a colleague");
    });
    await openBoard();
    await dragTo(1, 2);
    await animationFrame();
    await contains(".o_care_keep_confirm").click();
    await animationFrame();
    await animationFrame();
    expect.verifyErrors([/moved by a colleague|RPC_ERROR/]);
    expect(`${column(3)} ${card(1)}`).toHaveCount(1);
});

test("the board is narrowed down and opened again", async () => {
    await openBoard();
    await contains(".o_care_search").edit("0912");
    await advanceTime(400);
    await contains(".o_care_manager").select("nobody");
    await contains(".o_care_segment").select("9");
    await animationFrame();
    expect(asked.at(-1)).toEqual({ text: "0912", manager: "nobody", segment_id: "9" });
});

test("a folded column shows its count, and its customers on demand", async () => {
    onRpc("care.stage", "get_care_cards", ({ args }) => {
        expect.step(args);
        return [makeCard(3)];
    });
    await openBoard();
    await contains(`${column(2)} .o_care_fold`).click();
    expect(`${column(2)} ${card(3)}`).toHaveCount(0);
    expect(`${column(2)} .o_care_count`).toHaveText("1");
    await contains(`${column(2)} .o_care_fold`).click();
    expect(`${column(2)} ${card(3)}`).toHaveCount(1);
});
