from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...lib import placeholder
from .common import ScriptCommon


@tagged("post_install", "-at_install")
class TestScript(ScriptCommon):
    # ------------------------------------------------------------- placeholders

    def test_an_unknown_placeholder_is_named_and_the_others_are_listed(self):
        with self.assertRaises(ValidationError) as caught:
            self._script("Chào", "<p>Chào {{salutation}} {{gold_points}}</p>")
        words = caught.exception.args[0]
        self.assertIn("“Chào”", words)
        self.assertIn("not on the list: {{gold_points}}.", words)
        for name in ("salutation", "ticket_number", "agent_name", "company_phone"):
            self.assertIn(placeholder.mark(name), words)

    def test_no_program_in_a_script(self):
        for body in (
            "<p>{{object.env.user.password}}</p>",
            "<p>{{ 7 * 7 }}</p>",
            "<p>{{user}}</p>",
            "<p>{{ticket_link}}</p>",
            "<p>{{consent_link}}</p>",
            "<p>{{salutation</p>",
            "<p>{{salu<b>tation</b>}}</p>",
            '<p><a href="https://x.vn/{{salutation}}">x</a></p>',
        ):
            with self.subTest(body=body), self.assertRaises(ValidationError):
                self._script("Chào", body)

    def test_no_program_runs_in_a_ticket(self):
        """QWeb, Jinja and scripts are text or are gone."""
        self._script(
            "Thử",
            '<p t-out="1+1">${object.name} &lt;t t-out="user"/&gt;</p>'
            '<script>alert(1)</script><p onclick="x()">{{customer_name}}</p>',
        )
        self.customer.name = "<img src=x onerror=alert(1)> Mai"
        ticket = self._create_ticket()
        row = ticket.with_user(self.user_own).get_scripts()[0]
        self.assertIn("${object.name}", row["html"])
        self.assertNotIn("<script", row["html"])
        self.assertNotIn("onclick", row["html"])
        self.assertIn("&lt;img src=x onerror=alert(1)&gt; Mai", row["html"])
        self.assertIn("<img src=x onerror=alert(1)> Mai", row["text"])

    def test_a_wording_says_something(self):
        for body in ("", "<p><br></p>", "<p>  </p>"):
            with (
                self.subTest(body=body),
                self.assertRaisesRegex(ValidationError, "“Chào” says nothing"),
            ):
                self._script("Chào", body)

    def test_write_is_checked_too(self):
        variant = self._script("Chào", "<p>Chào</p>").variant_ids
        with self.assertRaises(ValidationError):
            variant.body = "<p>{{nobody}}</p>"

    # ------------------------------------------------------------------- rights

    def test_agents_read_and_leads_write(self):
        script = self._script("Chào", "<p>Chào</p>")
        self.assertEqual(script.with_user(self.user_own).name, "Chào")
        for user in (self.user_own, self.user_team):
            with self.assertRaises(AccessError):
                script.with_user(user).name = "x"
            with self.assertRaises(AccessError):
                script.variant_ids.with_user(user).body = "<p>x</p>"
        for user in (self.user_lead, self.user_manager):
            script.with_user(user).name = "Chào khách"
            script.variant_ids.with_user(user).body = "<p>Chào anh</p>"
        self.assertEqual(script.variant_ids.summary, "Chào anh")
        with self.assertRaises(AccessError):
            script.with_user(self.user_reader).read(["name"])

    def test_another_company_neither_reads_nor_writes(self):
        script = self._script("Chào", "<p>Chào</p>")
        for record in (script, script.variant_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.user_other).read(["id", "display_name"])
        shared = self._script("Chung", "<p>Chào</p>", company_id=False)
        self.assertEqual(shared.with_user(self.user_other).name, "Chung")
        with self.assertRaises(AccessError):
            shared.with_user(self.user_other).name = "x"
        with self.assertRaises(AccessError):
            shared.variant_ids.with_user(self.user_other).body = "<p>x</p>"

    # ------------------------------------------------------------ what was used

    def test_what_was_used_stays(self):
        script = self._script("Chào", "<p>Chào {{salutation}} nhé</p>")
        ticket = self._create_ticket(user_id=self.user_own.id)
        self._post(
            ticket,
            self.user_own,
            body="Chào Nguyễn Thị Mai nhé",
            care_script_variant_ids=script.variant_ids.ids,
        )
        for record in (script.variant_ids, script):
            with self.assertRaises(UserError):
                record.unlink()
        script.active = False
        self.assertEqual(script.use_count, 1)
        copy = script.copy()
        self.assertEqual((copy.name, copy.use_count), ("Chào (copy)", 0))
        self.assertEqual(copy.variant_ids.body, script.variant_ids.body)
        copy.unlink()

    def test_nobody_writes_uses(self):
        script = self._script("Chào", "<p>Chào</p>")
        ticket = self._create_ticket(user_id=self.user_own.id)
        values = {
            "script_id": script.id,
            "ticket_id": ticket.id,
            "company_id": self.company.id,
            "date": self.env.cr.now(),
        }
        use = self.env["care.script.use"].create(values)
        for user in (self.user_own, self.user_manager, self.user_admin):
            with self.assertRaises(AccessError):
                self.env["care.script.use"].with_user(user).create(values)
            with self.assertRaises(AccessError):
                use.with_user(user).is_edited = True
            with self.assertRaises(AccessError):
                use.with_user(user).unlink()

    def test_agents_read_their_own_uses_and_the_number_of_all(self):
        script = self._script("Chào", "<p>Chào anh chị nhé</p>")
        for user in (self.user_own, self.user_team):
            ticket = self._create_ticket(user_id=user.id)
            self._post(
                ticket,
                user,
                body="Chào anh chị nhé",
                care_script_variant_ids=script.variant_ids.ids,
            )
        uses = self.env["care.script.use"]
        mine = [("script_id", "=", script.id)]
        self.assertEqual(uses.with_user(self.user_own).search_count(mine), 1)
        self.assertEqual(uses.with_user(self.user_lead).search_count(mine), 2)
        self.assertEqual(uses.with_user(self.user_other).search_count(mine), 0)
        self.assertEqual(script.with_user(self.user_own).use_count, 2)
