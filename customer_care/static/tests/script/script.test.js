import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { ScriptChips } from "@customer_care/script/script_chips";

describe.current.tags("desktop");
defineMailModels();

function makeScript(id, text = `Words ${id}`) {
    return {
        id,
        name: `Script ${id}`,
        kind: "reply",
        kind_label: "Reply",
        variant_id: 100 + id,
        conditions: "",
        html: `<p>${text}</p>`,
        text,
        is_close: false,
    };
}

async function mountChips(scripts) {
    onRpc("care.ticket", "get_scripts", ({ args }) => {
        const [[ticketId], ids] = args;
        expect.step(ids ? `fetch ${ticketId}: ${ids}` : `fetch ${ticketId}`);
        return ids ? scripts.filter((script) => ids.includes(script.id)) : scripts;
    });
    await mountWithCleanup(MainComponentsContainer);
    await mountWithCleanup(ScriptChips, {
        props: { ticketId: 7, insert: ({ variant_id }) => expect.step(`insert ${variant_id}`) },
    });
}

test("five chips, and a click fetches the words as they are now", async () => {
    await mountChips([1, 2, 3, 4, 5, 6].map((id) => makeScript(id)));
    expect(".o_care_script").toHaveCount(5);
    expect(".o_care_scripts_all").toHaveText("More scripts…");
    await contains(".o_care_script[data-script-id='2']").click();
    expect.verifySteps(["fetch 7", "fetch 7: 2", "insert 102"]);
});

test("no scripts, nothing above the box", async () => {
    await mountChips([]);
    expect(".o_care_scripts").toHaveCount(0);
    expect.verifySteps(["fetch 7"]);
});

test("a script that went away says so", async () => {
    const scripts = [makeScript(1)];
    await mountChips(scripts);
    scripts.pop();
    await contains(".o_care_script").click();
    await animationFrame();
    expect(".o_notification").toHaveCount(1);
    expect(".o_care_script").toHaveCount(0);
    expect.verifySteps(["fetch 7", "fetch 7: 1", "fetch 7"]);
});

test("all of them are searched without accents", async () => {
    await mountChips([makeScript(1, "Xin lỗi vì chậm trễ"), makeScript(2, "Đã xong")]);
    await contains(".o_care_scripts_all").click();
    await contains(".o_care_script_search").edit("da xong");
    await animationFrame();
    expect(queryAllTexts(".o_care_script_entry strong")).toEqual(["Script 2"]);
    await contains(".o_care_script_search").edit("xyz");
    await animationFrame();
    expect(".o_care_script_entry").toHaveCount(0);
    await contains(".o_care_script_search").edit("CHAM tre");
    await contains(".o_care_script_entry .btn-primary").click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps(["fetch 7", "fetch 7", "fetch 7: 1", "insert 101"]);
});
