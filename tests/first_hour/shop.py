"""An empty database of a shop in Vietnam, with the addon and its people, and a server."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import polib

from tests.faults.world import World, free_port
from tests.support import database, odoo as program, repo

from .customers_file import COLLEAGUE_EMAIL, SUPPLIER_PHONE

LANGUAGE = "vi_VN"
MANAGER, PASSWORD = "quan.ly", "mot-mat-khau-dai-2026"
MANAGER_EMAIL = "quan.ly@hoasen.example"
ZONE = "Asia/Ho_Chi_Minh"
SET_UP = f"""
company = env.company
# Odoo's own mail about itself to its users, by a job of its own
env["digest.digest"].search([]).state = "deactivated"
env.ref("base.VND").active = True
company.write({{"name": "Hoa Sen", "country_id": env.ref("base.vn").id,
               "currency_id": env.ref("base.VND").id}})
users = env["res.users"].with_context(active_test=False, no_reset_password=True)
(company.partner_id + users.search([]).partner_id).write({{"lang": {LANGUAGE!r}}})
manager, colleague = users.create([
    {{"name": name, "login": login, "email": email, "password": {PASSWORD!r},
     "lang": {LANGUAGE!r}, "tz": {ZONE!r},
     "group_ids": [(6, 0, [env.ref(group).id for group in groups])]}}
    for name, login, email, groups in [
        ("Chị Quản Lý", {MANAGER!r}, {MANAGER_EMAIL!r},
         ["customer_care.group_manager", "base.group_erp_manager"]),
        ("Nhân Viên", "nhan.vien", {COLLEAGUE_EMAIL!r}, ["base.group_user"])]])
env["res.partner"].create({{"name": "Minh Long", "phone": {SUPPLIER_PHONE!r},
                           "supplier_rank": 1}})
env.cr.commit()
"""


@dataclass
class Shop:
    """A running server: where it answers, its database, what it complained about."""

    url: str
    name: str
    log: Path

    def rows(self, statement, *parameters):
        return database.query(self.name, statement, parameters or None)

    def value(self, statement, *parameters):
        """Return the one value of one statement."""
        ((value,),) = self.rows(statement, *parameters)
        return value

    def count(self, table, where="TRUE"):
        return self.value(f"SELECT COUNT(*) FROM {table} WHERE {where}")


@contextlib.contextmanager
def empty_shop():
    """Yield the shop in a database of its own, dropped afterwards."""
    world = World(0)
    try:
        with database.temporary("first_hour") as name:
            program.install(name, "customer_care", language=LANGUAGE)
            program.run(name, command=("shell",), stdin=SET_UP).check()
            port = free_port()
            with world.server(name, port):
                log = world.folder / f"{name}.log"
                yield Shop(f"http://127.0.0.1:{port}", name, log)
    finally:
        shutil.rmtree(world.folder, ignore_errors=True)


def in_vietnamese(text):
    """Return what the catalogue of the addon says for a text."""
    path = repo.ROOT / Path("customer_care/i18n/vi.po")
    found = polib.pofile(str(path)).find(text)
    return (found and found.msgstr) or text
