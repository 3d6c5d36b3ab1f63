/**
 * Photos of today's phones have 12 million dots and 5 MB; a person reads a serial number
 * from 2 million. The smaller copy also leaves behind where the photo was taken.
 */

/** Longest side of a photo after shrinking, in dots. */
export const MAX_SIDE = 1600;
/** Files below this stay as they are, in bytes. */
export const SMALL_ENOUGH = 400 * 1024;
const QUALITY = 0.85;
const SHRINKABLE = ["image/jpeg", "image/png", "image/webp"];

/**
 * @param {number} width
 * @param {number} height
 * @param {number} [side] longest side allowed
 * @returns {{ width: number, height: number }} the same shape within `side`
 */
export function fitWithin(width, height, side = MAX_SIDE) {
    const scale = Math.min(1, side / Math.max(width, height));
    return {
        width: Math.max(1, Math.round(width * scale)),
        height: Math.max(1, Math.round(height * scale)),
    };
}

/**
 * @param {string} name
 * @returns {string} the name of the shrunken copy, which is a JPEG
 */
export function jpegName(name) {
    return `${name.replace(/\.[^./\\]*$/, "") || "photo"}.jpg`;
}

/**
 * Return a smaller copy of a photo; the file itself when it is no photo, small already,
 * or when the browser cannot read it.
 *
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function shrink(file) {
    if (!SHRINKABLE.includes(file.type) || file.size <= SMALL_ENOUGH) {
        return file;
    }
    let bitmap;
    try {
        bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
        return file;
    }
    const { width, height } = fitWithin(bitmap.width, bitmap.height);
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) {
        return file;
    }
    return new File([blob], jpegName(file.name), { type: "image/jpeg" });
}
