import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import { makeMockEnv, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { DueTime, formatDue, getDueLevel } from "@customer_care/promise/due";

describe.current.tags("desktop");
defineMailModels();

test("time left is said in words", async () => {
    await makeMockEnv();
    expect(formatDue(42)).toBe("42 min left");
    expect(formatDue(0.5)).toBe("now");
    expect(formatDue(185)).toBe("3 h 5 min left");
    expect(formatDue(-0.5)).toBe("just late");
    expect(formatDue(-10)).toBe("late by 10 min");
    expect(getDueLevel(121)).toBe("calm");
    expect(getDueLevel(120)).toBe("soon");
    expect(getDueLevel(-1)).toBe("late");
});

test("a promise names what is due, and counts down", async () => {
    mockDate("2026-03-02 07:17:30");
    mockTimeZone(7);
    await mountWithCleanup(DueTime, {
        props: { deadline: "2026-03-02 08:00:00", metric: "First Reply", sentence: true },
    });
    expect(".o_care_due").toHaveClass("o_care_due_soon");
    expect(queryFirst(".o_care_due").textContent.trim()).toBe(
        "First Reply before 15:00, 42 min left"
    );
    await advanceTime(43 * 60 * 1000);
    await animationFrame();
    expect(".o_care_due").toHaveClass("o_care_due_late");
});

test("a paused promise says so, and no promise says nothing", async () => {
    await mountWithCleanup(DueTime, { props: { deadline: false, paused: true } });
    expect(".o_care_due").toHaveText("paused");
    await mountWithCleanup(DueTime, { props: { deadline: false } });
    expect(".o_care_due").toHaveCount(1);
});
