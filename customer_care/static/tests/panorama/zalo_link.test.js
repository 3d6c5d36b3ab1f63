import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { getZaloNumber, ZaloLink } from "@customer_care/panorama/zalo_link";

describe.current.tags("desktop");
defineMailModels();

async function mountLink(phone, values = {}) {
    const record = { resModel: "res.partner", resId: 7, data: { phone }, ...values };
    await mountWithCleanup(ZaloLink, { props: { record, name: "phone" } });
}

test("one number, however it is written", () => {
    expect(getZaloNumber("0912 345 678")).toBe("0912345678");
    expect(getZaloNumber("+84 912 345 678")).toBe("0912345678");
    expect(getZaloNumber("0084912345678")).toBe("0912345678");
    expect(getZaloNumber("84912345678")).toBe("0912345678");
    expect(getZaloNumber("+33 6 12 34 56 78")).toBe("33612345678");
    expect(getZaloNumber("call in the evening")).toBe("");
    expect(getZaloNumber("1900")).toBe("");
    expect(getZaloNumber(false)).toBe("");
});

test("no number, no link", async () => {
    await mountLink(false);
    expect(".o_care_zalo_link").toHaveCount(0);
});

test("an agent has the greeting copied and the contact logged", async () => {
    patchWithCleanup(user, { hasGroup: async () => true });
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async (text) => expect.step(`copied ${text}`),
    });
    onRpc("res.partner", "get_care_greeting", ({ args }) => `Hello ${args[0][0]}`);
    onRpc("res.partner", "action_care_log_contact", ({ args, kwargs }) => {
        expect.step(`${args[0][0]} ${kwargs.channel}`);
        return 1;
    });
    await mountLink("0912 345 678");
    expect(".o_care_zalo_link").toHaveAttribute("href", "https://zalo.me/0912345678");
    queryOne(".o_care_zalo_link").addEventListener("click", (ev) => ev.preventDefault());
    await contains(".o_care_zalo_link").click();
    await animationFrame();
    expect.verifySteps(["copied Hello 7", "7 zalo"]);
});

test("for everybody else it opens the chat alone", async () => {
    patchWithCleanup(user, { hasGroup: async () => false });
    onRpc("res.partner", "action_care_log_contact", () => expect.step("logged"));
    await mountLink("0912 345 678");
    queryOne(".o_care_zalo_link").addEventListener("click", (ev) => ev.preventDefault());
    await contains(".o_care_zalo_link").click();
    await animationFrame();
    expect.verifySteps([]);
});
