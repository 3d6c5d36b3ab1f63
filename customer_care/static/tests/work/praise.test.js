import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

test("praise stands above the work until it is put away", async () => {
    onRpc("care.ticket", "get_my_work", () => ({
        groups: [],
        count: 0,
        limit: 100,
        praise: {
            id: 7,
            rating: "5/5",
            words: "Rất <b>nhiệt tình</b>",
            name: "chị Mai",
            ticket_id: false,
        },
    }));
    onRpc("care.feedback", "action_dismiss_praise", ({ args }) => {
        expect.step(`put away ${args[0][0]}`);
        return true;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "customer_care.my_work",
        name: "My Work",
    });
    await animationFrame();
    expect(".o_care_praise blockquote").toHaveText("Rất <b>nhiệt tình</b>");
    expect(".o_care_praise .btn-link").toHaveCount(0);
    await contains(".o_care_praise .btn-close").click();
    expect(".o_care_praise").toHaveCount(0);
    expect.verifySteps(["put away 7"]);
});
