"""What a picture of the documentation shows."""

from dataclasses import dataclass

WIDE, PHONE = 1400, 390
BOTH = (WIDE, PHONE)


@dataclass
class Shot:
    """One page: who looks at it, where it is, and what must be there.

    ``wait`` is a CSS selector; ``steps`` is called with page and language
    before the picture.
    """

    name: str
    login: str | None
    path: str
    wait: str
    widths: tuple = (WIDE,)
    steps: object = None
    whole: bool = False


def find(page, model, domain):
    """Return the id of the first record that a domain finds, as who looks sees it."""
    home = page.url.partition("/odoo")[0]
    found = page.context.request.post(
        f"{home}/web/dataset/call_kw/{model}/search",
        data={
            "jsonrpc": "2.0",
            "method": "call",
            "params": {
                "model": model,
                "method": "search",
                "args": [domain],
                "kwargs": {"limit": 1},
            },
        },
    ).json()
    return found["result"][0]


def open_record(page, path, model, domain):
    """Open the first record that a domain finds, under a path of the web client."""
    home = page.url.partition("/odoo")[0]
    page.goto(f"{home}/odoo/{path}/{find(page, model, domain)}")
