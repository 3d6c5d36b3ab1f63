import { describe, expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

setupInteractionWhiteList("customer_care.care_form");

describe.current.tags("interaction_dev");

const FORM = `
    <form class="o_care_form" action="/help/contact" method="post">
        <select class="o_care_category" name="category">
            <option value="" data-order="optional" data-files="optional" data-hint=""></option>
            <option value="1" data-order="required" data-files="required" data-hint="Which day?"></option>
            <option value="2" data-order="hidden" data-files="hidden" data-hint=""></option>
        </select>
        <div class="o_care_hint"></div>
        <textarea name="text" maxlength="100"></textarea>
        <div class="o_care_count"></div>
        <div data-care-ask="files">
            <label><span class="text-muted">(optional)</span></label>
            <input type="file" class="form-control" name="files"/>
        </div>
        <div data-care-ask="order">
            <label><span class="text-muted">(optional)</span></label>
            <input class="form-control" name="order"/>
        </div>
        <fieldset class="o_care_reach">
            <input name="phone"/>
            <input name="email"/>
        </fieldset>
        <button type="submit">Send</button>
    </form>`;

/** Send without leaving the page; tells whether the browser would have sent it. */
function send() {
    const ev = new Event("submit", { cancelable: true });
    queryOne("form").dispatchEvent(ev);
    return !ev.defaultPrevented;
}

test("the topic decides which fields show and which are needed", async () => {
    const { core } = await startInteractions(FORM);
    expect(core.interactions).toHaveLength(1);
    expect("[name='order']").toBeVisible();
    expect("[name='order']").not.toHaveAttribute("required");

    await contains("select").select("1");
    expect("[name='order']").toHaveAttribute("required");
    expect("[data-care-ask='order'] label span").not.toBeVisible();
    expect("[name='files']").not.toHaveAttribute("required");
    expect(".o_care_hint").toHaveText("Which day?");

    await contains("select").select("2");
    expect("[name='order']").not.toBeVisible();
    expect("[name='order']").not.toHaveAttribute("required");
    expect("[name='files']").not.toBeVisible();
    expect(".o_care_hint").toHaveText("");
});

test("the counter speaks when little room is left", async () => {
    await startInteractions(FORM);
    await contains("textarea").edit("a".repeat(80), { confirm: false });
    expect(".o_care_count").toHaveText("");
    await contains("textarea").edit("a".repeat(81), { confirm: false });
    expect(".o_care_count").toHaveText("19 characters left");
});

test("one of phone and e-mail is enough", async () => {
    await startInteractions(FORM);
    const phone = queryOne("[name='phone']");
    expect(phone.validity.customError).toBe(true);
    await contains("[name='email']").edit("mai@example.com", { confirm: false });
    expect(phone.validity.customError).toBe(false);
    await contains("[name='email']").edit(" ", { confirm: false });
    expect(phone.validity.customError).toBe(true);
    await contains("[name='phone']").edit("0912345678", { confirm: false });
    expect(phone.validity.customError).toBe(false);
});

test("a form is sent once", async () => {
    const { core } = await startInteractions(FORM);
    expect(send()).toBe(true);
    expect(send()).toBe(false);
    await animationFrame();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect("button").toHaveAttribute("disabled");
    core.interactions[0].interaction.allowSending();
    expect("button").not.toHaveAttribute("disabled");
    expect(send()).toBe(true);
});
