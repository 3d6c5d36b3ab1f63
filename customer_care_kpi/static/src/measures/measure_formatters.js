/**
 * How measured values are shown. An unknown value is an empty text, never a zero: a ticket
 * that nobody answered has no response time.
 */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Longer durations are told in days: nobody reads 216 hours. */
const DAYS_FROM = 2 * DAY;

export function isUnknown(value) {
    return value === false || value === null || value === undefined;
}

/**
 * @param {number | false | null} value seconds
 * @returns {string} such as "45s", "12m", "26h 05m" or "3d 4h"
 */
export function formatDuration(value) {
    if (isUnknown(value)) {
        return "";
    }
    const seconds = Math.round(value);
    if (seconds < MINUTE) {
        return _t("%(seconds)ss", { seconds });
    }
    const minutes = Math.round(seconds / MINUTE);
    if (minutes < HOUR / MINUTE) {
        return _t("%(minutes)sm", { minutes });
    }
    if (minutes < DAYS_FROM / MINUTE) {
        return _t("%(hours)sh %(minutes)sm", {
            hours: Math.floor(minutes / 60),
            minutes: String(minutes % 60).padStart(2, "0"),
        });
    }
    const hours = Math.round(seconds / HOUR);
    return _t("%(days)sd %(hours)sh", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/**
 * @param {number | false | null} value share between 0 and 1
 * @returns {string} percentage with at most one decimal
 */
export function formatShare(value) {
    return isUnknown(value) ? "" : formatPercentage(value, { digits: [16, 1] });
}

/**
 * @param {number | false | null} value a count, or the mean of counts
 * @returns {string} the number with at most one decimal
 */
export function formatMean(value) {
    return isUnknown(value) ? "" : formatFloat(value, { digits: [16, 1], trailingZeros: false });
}

registry
    .category("formatters")
    .add("care_duration", formatDuration)
    .add("care_share", formatShare)
    .add("care_mean", formatMean);
