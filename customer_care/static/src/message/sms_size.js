/**
 * How long a text message is: the rules of lib/sms_text.py, for the editor.
 *
 * A part holds 160 characters of the GSM alphabet or 70 of any other, of several parts
 * 153 or 67 each (3GPP TS 23.038 and 23.040).
 */

const GSM = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
);
const GSM_EXTENSION = new Set("\f^{}\\[~]|€");
const ROOM = { gsm: [160, 153], unicode: [70, 67] };
/** What has no decomposition, and signs that editors make of plain ones. */
const PLAIN = {
    đ: "d",
    Đ: "D",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "…": "...",
    "•": "-",
    "₫": "d",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u200b": "",
};

/**
 * @param {string} text
 * @returns {string} the text without accents
 */
export function dropAccents(text) {
    const plain = Array.from(text || "", (char) => PLAIN[char] ?? char).join("");
    return plain.normalize("NFD").replace(/\p{M}/gu, "");
}

/**
 * @param {string} text
 * @returns {{encoding: "gsm"|"unicode", length: number, parts: number}}
 */
export function measureSms(text) {
    const chars = Array.from(text || "");
    const isGsm = chars.every((char) => GSM.has(char) || GSM_EXTENSION.has(char));
    const encoding = isGsm ? "gsm" : "unicode";
    const widths = chars.map((char) => (isGsm ? (GSM_EXTENSION.has(char) ? 2 : 1) : char.length));
    const length = widths.reduce((sum, width) => sum + width, 0);
    const [single, several] = ROOM[encoding];
    if (length <= single) {
        return { encoding, length, parts: length ? 1 : 0 };
    }
    let parts = 1;
    let room = several;
    for (const width of widths) {
        // a character of two is not torn between two parts
        if (width > room) {
            parts += 1;
            room = several;
        }
        room -= width;
    }
    return { encoding, length, parts };
}

/**
 * Put the words of an invented customer in, so that the length is that of a real message.
 *
 * @param {string} text with `{{placeholders}}`
 * @param {Object[]} pieces with name and sample
 */
export function fillSamples(text, pieces) {
    const samples = Object.fromEntries(pieces.map((piece) => [piece.name, piece.sample]));
    return (text || "").replace(/\{\{\s*(\w+)\s*(?:\|[^{}]*)?\}\}/g, (whole, name) =>
        Object.hasOwn(samples, name) ? samples[name] : whole
    );
}
