import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { ContactButtons } from "@customer_care/panorama/contact_buttons";

describe.current.tags("desktop");
defineMailModels();

function makeReach(values = {}) {
    return {
        partner_id: 7,
        ticket_id: false,
        phone: "+84 912 345 678",
        zalo: "0912345678",
        email: "mai@customer.test",
        greeting: "Hello Mai",
        ...values,
    };
}

async function mountButtons(values, props = {}) {
    await mountWithCleanup(ContactButtons, { props: { reach: makeReach(values), ...props } });
}

function mockLog() {
    onRpc("res.partner", "action_care_log_contact", ({ args, kwargs }) => {
        const { channel, direction, state, summary, ticket_id } = kwargs;
        expect.step([args[0][0], channel, direction, state, summary, ticket_id].join(" "));
        return 1;
    });
}

test("every way that the customer can be reached, and no other", async () => {
    await mountButtons();
    expect(".o_care_call").toHaveAttribute("href", "tel:+84912345678");
    expect(".o_care_zalo").toHaveAttribute("href", "https://zalo.me/0912345678");
    expect(".o_care_zalo").toHaveAttribute("rel", "noopener noreferrer");
    expect(".o_care_sms").toHaveCount(1);
    expect(".o_care_mail").toHaveCount(1);
});

test("without phone and e-mail a contact can still be logged", async () => {
    await mountButtons({ phone: "", zalo: "", email: "" });
    expect(queryAllTexts(".o_care_reach .btn")).toEqual(["Log a Contact"]);
});

test("a contact is logged with two clicks", async () => {
    mockLog();
    await mountButtons({}, { onContact: () => expect.step("read anew") });
    await contains(".o_care_log").click();
    expect(document.activeElement).toBe(queryOne(".o_care_log_menu button:first"));
    await contains("[data-way='came']").click();
    expect.verifySteps(["7 visit in done  ", "read anew"]);
    await animationFrame();
    expect(".o_care_log_menu").toHaveCount(0);
});

test("with a word about it, and on the ticket it was about", async () => {
    mockLog();
    await mountButtons({ ticket_id: 5 });
    await contains(".o_care_log").click();
    await contains(".o_care_log_menu textarea").edit("  Ask again on Monday ", { confirm: false });
    await contains("[data-way='called']").click();
    expect.verifySteps(["7 call out done Ask again on Monday 5"]);
});

test("a call asks at once how it went", async () => {
    mockLog();
    await mountButtons();
    queryOne(".o_care_call").addEventListener("click", (ev) => ev.preventDefault());
    await contains(".o_care_call").click();
    expect(".o_care_log_menu button").toHaveCount(3);
    await contains("[data-way='missed']").click();
    expect.verifySteps(["7 call out missed  "]);
});

test("Zalo: the greeting is copied and the contact is logged", async () => {
    mockLog();
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async (text) => expect.step(`copied ${text}`),
    });
    await mountButtons();
    queryOne(".o_care_zalo").addEventListener("click", (ev) => ev.preventDefault());
    await contains(".o_care_zalo").click();
    await animationFrame();
    expect.verifySteps(["copied Hello Mai", "7 zalo out done  "]);
});

test("a browser without clipboard still opens the chat and logs", async () => {
    mockLog();
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async () => {
            throw new Error("not allowed");
        },
    });
    await mountButtons();
    queryOne(".o_care_zalo").addEventListener("click", (ev) => ev.preventDefault());
    await contains(".o_care_zalo").click();
    await animationFrame();
    expect.verifySteps(["7 zalo out done  "]);
});

test("SMS and e-mail are written on the ticket, else on the contact", async () => {
    mockService("action", {
        doAction(action) {
            const { default_model, default_res_model } = action.context;
            expect.step(`${action.res_model} ${default_model || default_res_model}`);
        },
    });
    await mountButtons();
    await contains(".o_care_sms").click();
    await contains(".o_care_mail").click();
    expect.verifySteps(["sms.composer res.partner", "mail.compose.message res.partner"]);
});

test("on a ticket", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.context.default_res_model}`);
        },
    });
    await mountButtons({ ticket_id: 5 });
    await contains(".o_care_sms").click();
    expect.verifySteps(["sms.composer care.ticket"]);
});
