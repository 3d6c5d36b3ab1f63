"""Each addon alone: it installs, updates to itself, works, and goes without a trace."""

import pytest

from tests.lifecycle import snapshot
from tests.support import database, odoo as program, repo, settings

#: What people leave in a database that they work in.
WORK = """
admin = env.ref("base.user_admin")
partner = admin.partner_id
team = env["care.team"].create({"name": "Going", "alias_name": "going-away"})
# The history of a contact is its own: what it says about a stage stays.
partner.with_context(tracking_disable=True).care_stage_id = env.ref(
    "customer_care.care_stage_existing")
category = env["care.ticket.category"].create({"name": "Going"})
tag = env["care.ticket.tag"].create({"name": "Going"})
tickets = env["care.ticket"].create([
    {"name": f"Going {n}", "partner_id": partner.id, "team_id": team.id,
     "category_id": category.id, "tag_ids": [(4, tag.id)]}
    for n in range(3)
])
ticket = tickets[0]
ticket.message_subscribe(partner.ids)
ticket.message_post(body="A question", message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    attachments=[("photo.txt", b"text")])
ticket.with_user(admin).message_post(body="An answer", message_type="comment",
                                     subtype_xmlid="mail.mt_comment")
env["ir.attachment"].create({"name": "a link", "type": "url",
                             "url": "https://example.com/photo",
                             "res_model": "care.ticket", "res_id": ticket.id})
ticket.activity_schedule("mail.mail_activity_data_todo", user_id=admin.id)
ticket.user_id = admin
tickets.action_solve()
env["ir.filters"].create({"name": "Going", "model_id": "care.ticket"})
env["ir.exports"].create({"name": "Going", "resource": "care.ticket"})
env["mail.template"].create({"name": "Going", "model_id": env["ir.model"]._get_id(
    "care.ticket")})
env["ir.config_parameter"].set_param("customer_care.going", "away")
env.cr.commit()
"""


#: The same for the addon that keeps the figures.
WORK_KPI = """
env["ir.filters"].create({"name": "Going", "model_id": "care.ticket.fact"})
env["ir.exports"].create({"name": "Going", "resource": "care.ticket.fact"})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def bases():
    """For each addon, a database with what it stands on and not the addon itself."""
    template = settings.settings().template_db
    with database.temporary("middle") as middle:
        program.install(middle, "customer_care")
        program.run(middle, command=("shell",), stdin=WORK).check()
        yield {
            addon: template if addon == "customer_care" else middle
            for addon in repo.ADDONS
        }


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_life_of_an_addon(bases, addon):
    """Install, update, work, uninstall: no complaint on the way, nothing left.

    The other addons meet tickets that are there already; ``customer_care`` starts from
    nothing and is left with tickets, messages, files and settings.
    """
    work = {"customer_care": WORK, "customer_care_kpi": WORK_KPI}
    with database.temporary(f"life_{addon}", bases[addon]) as name:
        before = snapshot.take(name)
        program.install(name, addon)
        program.upgrade(name, addon)
        assert database.query(
            name, "SELECT state FROM ir_module_module WHERE name = %s", [addon]
        ) == [("installed",)]
        if addon in work:
            program.run(name, command=("shell",), stdin=work[addon]).check()
        program.uninstall(name, addon)
        after = snapshot.take(name)
    assert snapshot.differences(before, after) == []


def test_installs_with_demo_data_in_vietnamese():
    """The first addon alone fills a company and speaks its language.

    The verdict runs the tests of all three that way; here it must stand without the
    others. The template has no demo data, so its addons are said to have it: a demo
    record that needs one of theirs fails.
    """
    with database.temporary("life_demo") as name:
        database.execute(name, "UPDATE ir_module_module SET demo = state = 'installed'")
        program.install(name, "customer_care", demo=True, language="vi_VN")
        assert database.query(
            name,
            "SELECT state, demo FROM ir_module_module WHERE name = 'customer_care'",
        ) == [("installed", True)]
        assert database.query(name, "SELECT COUNT(*) >= 300 FROM care_ticket") == [
            (True,)
        ]
        assert database.query(
            name, "SELECT active FROM res_lang WHERE code = 'vi_VN'"
        ) == [(True,)]
