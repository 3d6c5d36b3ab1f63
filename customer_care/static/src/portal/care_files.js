import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

import { shrink } from "./shrink";

const MEGABYTE = 1024 * 1024;

/**
 * Photos and files of a message: taken with the camera or chosen, several times, shrunk,
 * shown with a button to take each back. The list lives in the form's own file input, so
 * the form is sent as it would be without JavaScript.
 */
export class CareFiles extends Interaction {
    static selector = ".o_care_files";
    dynamicContent = {
        ".o_care_take_photo": { "t-on-click": () => this.camera.click() },
        ".o_care_choose": { "t-on-click": () => this.input.click() },
        ".o_care_camera": { "t-on-change": (ev) => this.addFiles(ev.target) },
        "input[name='files']": { "t-on-change": (ev) => this.addFiles(ev.target) },
        ".o_care_file_list": { "t-on-click": this.onListClick },
    };

    setup() {
        this.files = [];
        this.previews = [];
        this.problem = "";
        this.maxCount = parseInt(this.el.dataset.count) || 0;
        this.maxBytes = (parseInt(this.el.dataset.megabytes) || 0) * MEGABYTE;
        this.input = this.el.querySelector("input[name='files']");
        this.camera = this.el.querySelector(".o_care_camera");
        this.list = this.el.querySelector(".o_care_file_list");
    }

    start() {
        const pickers = this.el.querySelector(".o_care_pickers");
        pickers.classList.remove("d-none");
        pickers.classList.add("d-flex");
        this.input.classList.add("visually-hidden");
        this.input.tabIndex = -1;
    }

    destroy() {
        this.forgetPreviews();
    }

    /**
     * Take over what an input was given; the input then holds the whole list.
     *
     * @param {HTMLInputElement} source
     */
    async addFiles(source) {
        const chosen = [...source.files];
        const buttons = this.el.querySelectorAll(".o_care_pickers button");
        buttons.forEach((button) => (button.disabled = true));
        try {
            for (const file of chosen) {
                this.addFile(await this.waitFor(shrink(file)));
            }
        } finally {
            buttons.forEach((button) => (button.disabled = false));
        }
        if (source === this.camera) {
            source.value = "";
        }
        this.store();
    }

    /** @param {File} file */
    addFile(file) {
        if (this.files.length >= this.maxCount) {
            this.problem = _t("One message can carry %s files.", this.maxCount);
        } else if (file.size > this.maxBytes) {
            this.problem = _t("“%s” is too large.", file.name);
        } else {
            this.files.push(file);
            this.problem = "";
        }
    }

    /** @param {MouseEvent} ev */
    onListClick(ev) {
        const button = ev.target.closest("button[data-index]");
        if (button) {
            this.files.splice(parseInt(button.dataset.index), 1);
            this.problem = "";
            this.store();
            this.el.querySelector(".o_care_choose").focus();
        }
    }

    store() {
        const transfer = new DataTransfer();
        this.files.forEach((file) => transfer.items.add(file));
        this.input.files = transfer.files;
        this.draw();
    }

    forgetPreviews() {
        this.previews.forEach((url) => URL.revokeObjectURL(url));
        this.previews = [];
    }

    draw() {
        this.forgetPreviews();
        const rows = this.files.map((file, index) => this.drawFile(file, index));
        if (this.problem) {
            const problem = document.createElement("li");
            problem.className = "text-danger o_care_file_problem";
            problem.textContent = this.problem;
            rows.push(problem);
        }
        this.list.replaceChildren(...rows);
    }

    drawFile(file, index) {
        const row = document.createElement("li");
        row.className = "o_care_file d-flex align-items-center gap-2 mt-2";
        if (file.type.startsWith("image/")) {
            const image = document.createElement("img");
            image.src = URL.createObjectURL(file);
            image.alt = "";
            this.previews.push(image.src);
            row.append(image);
        }
        const name = document.createElement("span");
        name.className = "flex-grow-1 text-break";
        name.textContent = file.name;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-light border";
        button.dataset.index = index;
        button.textContent = _t("Remove");
        button.setAttribute("aria-label", _t("Remove %s", file.name));
        row.append(name, button);
        return row;
    }
}

registry.category("public.interactions").add("customer_care.care_files", CareFiles);
