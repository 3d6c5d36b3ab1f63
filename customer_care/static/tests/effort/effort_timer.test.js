import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { EffortTimer, formatEffort, parseMinutes } from "@customer_care/effort/effort_timer";

describe.current.tags("desktop");
defineMailModels();

/** A server in a few lines: one timer, seconds as it says them. */
function serve(values = {}) {
    const timer = {
        state: "idle",
        seconds: 0,
        total: 0,
        other: false,
        message: false,
        ...values,
    };
    const answer = (changes) => {
        Object.assign(timer, { message: false }, changes);
        return { ...timer };
    };
    onRpc("care.ticket", "get_effort", () => answer({}));
    onRpc("care.ticket", "start_effort", () => {
        expect.step("start");
        return answer({ state: "running", other: false, message: values.paused || false });
    });
    onRpc("care.ticket", "pause_effort", () => {
        expect.step("pause");
        return answer({ state: "paused", seconds: 65 });
    });
    onRpc("care.ticket", "stop_effort", ({ args }) => {
        expect.step(`stop ${args[1]}`);
        return answer({ state: "idle", total: timer.total + timer.seconds, seconds: 0 });
    });
    onRpc("care.ticket", "drop_effort", () => {
        expect.step("drop");
        return answer({ state: "idle", seconds: 0 });
    });
    onRpc("care.ticket", "add_effort", ({ args }) => {
        expect.step(`add ${args[1]} ${args[2]}`);
        return answer({ total: timer.total + args[1] * 60 });
    });
    return timer;
}

async function mountTimer({ dirty = false } = {}) {
    const record = {
        resModel: "care.ticket",
        resId: 7,
        isDirty: async () => dirty,
        load: async () => expect.step("load"),
    };
    return mountWithCleanup(EffortTimer, { props: { record, readonly: false } });
}

test("seconds are said in hours, minutes and seconds", () => {
    expect(formatEffort(0)).toBe("0:00:00");
    expect(formatEffort(247)).toBe("0:04:07");
    expect(formatEffort(43200)).toBe("12:00:00");
});

test("minutes are read as people type them", () => {
    expect(parseMinutes("20")).toBe(20);
    expect(parseMinutes(" 1:30 ")).toBe(90);
    for (const nonsense of ["", "abc", "1:75", "-5", "1.5", "1:2:3"]) {
        expect(parseMinutes(nonsense)).toBe(NaN);
    }
});

test("a timer goes on where the server says, whatever the clock of the browser", async () => {
    let steady = 0; // the clock that nobody can set, in milliseconds
    patchWithCleanup(browser, { performance: { now: () => steady } });
    serve({ state: "running", seconds: 3600 });
    await mountTimer();
    expect(".o_care_effort_time").toHaveText("1:00:00");
    mockDate("2031-01-01 00:00:00"); // somebody sets the clock of the computer
    steady = 5_900;
    await advanceTime(5_000);
    await animationFrame();
    expect(".o_care_effort_time").toHaveText("1:00:05");
});

test("start, pause, stop and what was done", async () => {
    serve();
    await mountTimer();
    await contains(".o_care_effort_start").click();
    expect(".o_care_effort_pause").toHaveCount(1);
    await contains(".o_care_effort_pause").click();
    expect(".o_care_effort_time").toHaveText("0:01:05paused");
    await contains(".o_care_effort_stop").click();
    await contains(".o_care_effort_note").edit("called", { confirm: false });
    await contains(".o_care_effort_log").click();
    await animationFrame();
    expect.verifySteps(["start", "pause", "pause", "stop called", "load"]);
    expect(".o_care_effort_time").toHaveCount(0);
    expect(".o_care_effort_total").toHaveText("0:01 h so far");
});

test("a timer can be thrown away, and the form is closed with Escape", async () => {
    serve({ state: "paused", seconds: 10 });
    await mountTimer();
    await contains(".o_care_effort_stop").click();
    await contains(".o_care_effort_note").press("Escape");
    expect(".o_care_effort_form").toHaveCount(0);
    await contains(".o_care_effort_stop").click();
    await contains(".o_care_effort_drop").click();
    await animationFrame();
    expect.verifySteps(["pause", "pause", "drop", "load"]);
});

test("the other timer is paused, and a sentence says so", async () => {
    serve({ other: "000012", paused: "Your timer on ticket 000012 was paused." });
    await mountTimer();
    expect(".o_care_effort").toHaveText(/Your timer runs on ticket 000012/);
    await contains(".o_care_effort_start").click();
    await animationFrame();
    expect(".o_notification").toHaveText(/000012 was paused/);
    expect.verifySteps(["start"]);
});

test("time is logged by hand; nonsense is refused before it is sent", async () => {
    serve();
    await mountTimer();
    await contains(".o_care_effort_more").click();
    await contains(".o_care_effort_minutes").edit("soon", { confirm: false });
    await contains(".o_care_effort_log").click();
    await animationFrame();
    expect(".o_notification").toHaveText(/Give minutes/);
    expect.verifySteps([]);
    await contains(".o_care_effort_minutes").edit("1:30", { confirm: false });
    await contains(".o_care_effort_log").click();
    await animationFrame();
    expect.verifySteps(["add 90 ", "load"]);
    await contains(".o_care_effort_quick").click();
    await animationFrame();
    expect.verifySteps(["add 15 ", "load"]);
});

test("a form that somebody is writing in is not loaded anew", async () => {
    serve();
    await mountTimer({ dirty: true });
    await contains(".o_care_effort_quick").click();
    await animationFrame();
    expect.verifySteps(["add 15 "]);
});

test("another tab's pause shows when this one asks again", async () => {
    const timer = serve({ state: "running", seconds: 5 });
    await mountTimer();
    Object.assign(timer, { state: "paused", seconds: 9 });
    await advanceTime(60_000);
    await animationFrame();
    expect(".o_care_effort_time").toHaveText("0:00:09paused");
});
