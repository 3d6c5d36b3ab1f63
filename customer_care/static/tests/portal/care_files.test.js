import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

import { fitWithin, jpegName, MAX_SIDE, shrink } from "@customer_care/portal/shrink";

setupInteractionWhiteList("customer_care.care_files");

describe.current.tags("interaction_dev");

const FILES = `
    <form>
        <div class="o_care_files" data-count="3" data-megabytes="1">
            <div class="o_care_pickers d-none">
                <button type="button" class="o_care_take_photo">Take</button>
                <button type="button" class="o_care_choose">Choose</button>
                <input type="file" class="o_care_camera"/>
            </div>
            <input type="file" name="files" multiple="multiple"/>
            <ul class="o_care_file_list"></ul>
        </div>
    </form>`;

const text = (name, size = 3) => new File(["a".repeat(size)], name, { type: "text/plain" });

/** @returns {Promise<File>} a noisy picture that no format makes small */
async function photo(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    let seed = 1;
    for (let at = 0; at < image.data.length; at++) {
        seed = (seed * 16807) % 2147483647;
        image.data[at] = at % 4 === 3 ? 255 : seed % 256;
    }
    context.putImageData(image, 0, 0);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return new File([blob], "ảnh.máy.PNG", { type: "image/png" });
}

const names = () => [...queryOne("input[name='files']").files].map((file) => file.name);

async function choose(selector, files) {
    const input = queryOne(selector);
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    for (let round = 0; round < 5; round++) {
        await animationFrame();
    }
}

test("the shape of a photo is kept", () => {
    expect(fitWithin(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitWithin(3000, 4000)).toEqual({ width: 1200, height: 1600 });
    expect(fitWithin(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fitWithin(100000, 1)).toEqual({ width: 1600, height: 1 });
});

test("the copy is named as what it is", () => {
    expect(jpegName("IMG_1.HEIC.png")).toBe("IMG_1.HEIC.jpg");
    expect(jpegName("photo")).toBe("photo.jpg");
    expect(jpegName(".png")).toBe("photo.jpg");
});

test("a large photo is made smaller", async () => {
    const large = await photo(2000, 500);
    const small = await shrink(large);
    expect(small.size).toBeLessThan(large.size);
    expect(small.type).toBe("image/jpeg");
    expect(small.name).toBe("ảnh.máy.jpg");
    const bitmap = await createImageBitmap(small);
    expect([bitmap.width, bitmap.height]).toEqual([MAX_SIDE, 400]);
});

test("what is no photo, small or broken stays as it is", async () => {
    const document_ = text("a.txt", 500000);
    const broken = new File(["x".repeat(500000)], "a.jpg", { type: "image/jpeg" });
    const small = await photo(20, 20);
    expect(await shrink(document_)).toBe(document_);
    expect(await shrink(broken)).toBe(broken);
    expect(await shrink(small)).toBe(small);
});

test("files of several choices come together and can be taken back", async () => {
    const { core } = await startInteractions(FILES);
    expect(core.interactions).toHaveLength(1);
    expect(".o_care_pickers").not.toHaveClass("d-none");
    await choose("input[name='files']", [text("a.txt"), text("b.txt")]);
    await choose(".o_care_camera", [text("c.txt")]);
    expect(names()).toEqual(["a.txt", "b.txt", "c.txt"]);
    expect(queryAllTexts(".o_care_file span")).toEqual(["a.txt", "b.txt", "c.txt"]);
    expect(queryOne(".o_care_camera").files).toHaveLength(0);
    await click(".o_care_file:nth-child(2) button");
    await animationFrame();
    expect(names()).toEqual(["a.txt", "c.txt"]);
});

test("too many and too large files are named and left out", async () => {
    await startInteractions(FILES);
    await choose("input[name='files']", [text("big.txt", 1024 * 1024 + 1)]);
    expect(names()).toEqual([]);
    expect(".o_care_file_problem").toHaveText("“big.txt” is too large.");
    await choose(
        "input[name='files']",
        ["a", "b", "c", "d"].map((name) => text(name))
    );
    expect(names()).toEqual(["a", "b", "c"]);
    expect(".o_care_file_problem").toHaveText("One message can carry 3 files.");
});

test("names of files show as text", async () => {
    await startInteractions(FILES);
    await choose("input[name='files']", [text("<img src=x onerror=alert(1)>")]);
    expect(".o_care_file span").toHaveText("<img src=x onerror=alert(1)>");
    expect(".o_care_file img").toHaveCount(0);
});
