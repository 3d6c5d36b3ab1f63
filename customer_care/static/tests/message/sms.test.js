import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { click, edit, press, queryFirst } from "@odoo/hoot-dom";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { dropAccents, fillSamples, measureSms } from "@customer_care/message/sms_size";

describe.current.tags("desktop");
defineMailModels();

const INFO = {
    placeholders: [
        { name: "salutation", label: "Salutation", sample: "chị Mai" },
        { name: "company_name", label: "Company", sample: "Hoa Sen" },
    ],
    before: "",
    after: "",
};

class Message extends models.Model {
    _name = "care.message";

    subject = fields.Char();
    sms_text = fields.Text();
    is_without_accents = fields.Boolean();
    editor_info = fields.Json();

    _records = [{ id: 1, subject: "", sms_text: "", editor_info: INFO }];
}

defineModels([Message]);

const ARCH = `
    <form>
        <field name="editor_info" invisible="1"/>
        <widget name="care_placeholders"/>
        <field name="subject"/>
        <field name="sms_text" widget="care_sms"/>
        <field name="is_without_accents"/>
    </form>`;

async function openMessage() {
    await mountView({ type: "form", resModel: "care.message", resId: 1, arch: ARCH });
}

// expected: 3GPP TS 23.038, as tests of lib/sms_text.py
test("parts of the GSM alphabet hold 160 and 153", () => {
    expect(measureSms("")).toEqual({ encoding: "gsm", length: 0, parts: 0 });
    expect(measureSms("a".repeat(160)).parts).toBe(1);
    expect(measureSms("a".repeat(161)).parts).toBe(2);
    expect(measureSms("a".repeat(306)).parts).toBe(2);
    expect(measureSms("a".repeat(307)).parts).toBe(3);
});

test("parts of other alphabets hold 70 and 67", () => {
    expect(measureSms("ạ".repeat(70)).parts).toBe(1);
    expect(measureSms("ạ".repeat(71)).parts).toBe(2);
    expect(measureSms("ạ".repeat(134)).parts).toBe(2);
    expect(measureSms("ạ".repeat(135)).parts).toBe(3);
});

test("the extension table and emoji count double and are not torn", () => {
    expect(measureSms("€".repeat(80))).toEqual({ encoding: "gsm", length: 160, parts: 1 });
    expect(measureSms("€".repeat(81)).parts).toBe(2);
    // 76 fit into 153, as the 77th would be torn
    expect(measureSms("€".repeat(152)).parts).toBe(2);
    expect(measureSms("€".repeat(153)).parts).toBe(3);
    expect(measureSms("😀").length).toBe(2);
    expect(measureSms("😀".repeat(66)).parts).toBe(2);
    expect(measureSms("😀".repeat(67)).parts).toBe(3);
});

test("accents are dropped, Vietnamese đ too", () => {
    expect(dropAccents("Đặng Thị Hồng Nhung – “ưu đãi”…")).toBe(
        'Dang Thi Hong Nhung - "uu dai"...'
    );
});

test("placeholders count as the words of a customer", () => {
    expect(fillSamples("{{ salutation }}, {{x}} {{company_name|us}}", INFO.placeholders)).toBe(
        "chị Mai, {{x}} Hoa Sen"
    );
});

test("the counter follows every key", async () => {
    await openMessage();
    await contains("[name='sms_text'] textarea").click();
    await edit("Chao {{company_name}}");
    await animationFrame();
    expect(".o_care_sms_size").toHaveText("About 12 characters, 1 SMS of up to 160.");
    await edit("Chào {{salutation}} ".repeat(9));
    await animationFrame();
    expect(".o_care_sms_size").toHaveText(
        /About 116 characters, 2 SMS of 67 each.*Without accents/
    );
});

test("a tick drops the accents of what is counted", async () => {
    await openMessage();
    await contains("[name='sms_text'] textarea").click();
    await edit("Chào chị ".repeat(9));
    await animationFrame();
    expect(".o_care_sms_size").toHaveText(/2 SMS of 67 each/);
    await contains("[name='is_without_accents'] input").click();
    await animationFrame();
    expect(".o_care_sms_size").toHaveText(/1 SMS of up to 160/);
});

test("a chip puts its placeholder where one wrote, by mouse and by keyboard", async () => {
    await openMessage();
    await contains("[name='subject'] input").click();
    await edit("Chao ban");
    const input = queryFirst("[name='subject'] input");
    input.setSelectionRange(5, 8);
    input.dispatchEvent(new Event("select", { bubbles: true }));
    document.dispatchEvent(new Event("selectionchange"));
    await click(".o_care_chip[data-name='salutation']");
    await animationFrame();
    expect("[name='subject'] input").toHaveValue("Chao {{salutation}}");
    queryFirst(".o_care_chip[data-name='company_name']").focus();
    await press("Enter");
    await animationFrame();
    expect("[name='subject'] input").toHaveValue("Chao {{salutation}}{{company_name}}");
});

test("a chip without a place says what to do", async () => {
    await openMessage();
    queryFirst(".o_care_chip").focus();
    await press("Enter");
    await animationFrame();
    expect(".o_notification").toHaveText(/Click first into the text/);
});
