"""A browser that logs in to the demo company and takes pictures of its pages."""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

#: Height of the window, by its width in CSS pixels.
HEIGHTS = {1400: 900, 390: 844}
#: Milliseconds that a page may take; a machine may be busy with tests.
PATIENCE = 120_000
#: Nobody sees the difference on a page of plain colours, and the file is a third.
COLOURS = 256
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
#: What would make two pictures of the same page differ, or is no part of the page.
STYLE = """
*, *::before, *::after {
    animation: none !important;
    transition: none !important;
    caret-color: transparent !important;
}
.o_debug_manager, .o_notification_manager, .o-mail-ChatHub { display: none !important; }
"""


class Camera:
    """Takes pictures of one Odoo, as one person at a time.

    :param str url: where Odoo answers, without a path
    :param str database: its database
    :param folder: ``Path`` that the pictures are written to
    """

    def __init__(self, url, database, folder):
        self.url = url.rstrip("/")
        self.database = database
        self.folder = Path(folder)
        self.problems = []

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.playwright = sync_playwright().start()
        program = os.environ.get("CARE_BROWSER") or shutil.which("chromium")
        self.browser = self.playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS
        )
        return self

    def __exit__(self, *_error):
        self.browser.close()
        self.playwright.stop()

    def visit(self, login, lang, width):
        """Return a page of somebody: logged in, in a language, in a window of a width.

        :param login: also the password; None is a visitor who does not log in
        :param str lang: Odoo's code of the language
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            device_scale_factor=1 if width > 1000 else 2,
            is_mobile=width < 1000,
            has_touch=width < 1000,
            locale=lang.replace("_", "-"),
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "frontend_lang", "value": lang, "url": self.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._listen(page, said))
        if login:
            self._log_in(context, login, lang)
        return page

    def _listen(self, page, said):
        if said.type == "error":
            self.problems.append(f"{page.url}: {said.text}")

    def _log_in(self, context, login, lang):
        call = {"jsonrpc": "2.0", "method": "call"}
        answer = context.request.post(
            f"{self.url}/web/session/authenticate",
            data=call
            | {"params": {"db": self.database, "login": login, "password": login}},
            timeout=PATIENCE,
        ).json()
        user = answer["result"]["uid"]
        context.request.post(
            f"{self.url}/web/dataset/call_kw/res.users/write",
            data=call
            | {
                "params": {
                    "model": "res.users",
                    "method": "write",
                    "args": [[user], {"lang": lang}],
                    "kwargs": {},
                }
            },
            timeout=PATIENCE,
        )

    def shoot(self, page, name, whole=False):
        """Write a picture of ``page``; ``whole`` is the page, not only the window."""
        page.add_style_tag(content=STYLE)
        page.wait_for_timeout(700)
        content = page.screenshot(full_page=whole)
        image = Image.open(io.BytesIO(content)).convert("RGB")
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(
            self.folder / f"{name}.png", optimize=True
        )
        sys.stderr.write(f"{name}\n")
