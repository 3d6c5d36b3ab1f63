import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import NOW, IntakeCommon

LIST = "phone,date,amount\n0887000080,2025-03-05,10\n"


@tagged("post_install", "-at_install")
class TestCareImportAccess(IntakeCommon):
    def test_care_managers_import_and_nobody_else(self):
        file = base64.b64encode(LIST.encode())
        for role in (
            "user_reader",
            "user_own",
            "user_team",
            "user_lead",
            "user_portal",
        ):
            user = getattr(self, role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.imports.with_user(user).create({"file": file, "name": "x.csv"})
        batch = self._send(LIST)
        for role in ("user_own", "user_lead"):
            theirs = batch.with_user(getattr(self, role))
            for action in ("action_start", "action_cancel", "action_resume"):
                with self.subTest(role=role, action=action):
                    with self.assertRaises(AccessError):
                        getattr(theirs, action)()
            self.assertFalse(theirs.has_access("read"))
            self.assertFalse(
                batch.line_ids.with_user(theirs.env.user).has_access("read")
            )

    def test_another_company(self):
        """Its manager sees nothing of ours, and finds none of our contacts."""
        own = self.partners.create(
            {"name": "Của ta", "phone": "0887000080", "company_id": self.company.id}
        )
        with self._at(NOW):
            batch = self._send(LIST)
            theirs = batch.with_user(self.user_other)
            columns = batch.column_ids.with_user(self.user_other)
            for record in (theirs, columns, batch.line_ids.with_user(self.user_other)):
                with self.assertRaises(AccessError):
                    record.check_access("read")
            other = self._send(
                LIST, user=self.user_other, company_id=self.other_company.id
            )
            other.with_user(self.user_other).action_start()
            self._run(other)
        self.assertEqual(other.created_count, 1)
        self.assertFalse(self._bought(own))
        bought = self.purchases.search(
            [("partner_id", "=", other.line_ids.partner_id.id)]
        )
        self.assertEqual(bought.company_id, self.other_company)

    def test_only_what_is_set_up_can_be_written(self):
        batch = self._send(LIST).with_user(self.user_manager)
        for values in ({"state": "done"}, {"file": False}, {"company_id": 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                batch.write(values)
        column = batch.column_ids[:1]
        with self.assertRaises(AccessError):
            column.write({"import_id": batch.id})
        with self.assertRaises(AccessError):
            batch.line_ids[:1].write({"state": "done"})
        created = self.imports.with_user(self.user_manager).create(
            {
                "file": base64.b64encode(LIST.encode()),
                "name": "x.csv",
                "state": "done",
                "user_id": self.user_own.id,
            }
        )
        self.assertEqual(created.state, "columns")
        self.assertEqual(created.user_id, self.user_manager)
        with self._at(NOW):
            self._take_in(batch.sudo())
        with self.assertRaises(UserError):
            column.write({"role": "email"})
        with self.assertRaises(UserError):
            batch.unlink()
        with self.assertRaises(UserError):
            batch.action_start()
        created.unlink()

    def test_nobody_claims_what_another_worker_has(self):
        """Two workers on one import: the second finds nothing to do."""
        batch = self._send(LIST)
        batch.write({"state": "writing", "started_on": self.env.cr.now()})
        self.env.flush_all()
        self.assertTrue(batch._claim())
        batch.is_stopped = True
        self.env.flush_all()
        self.assertFalse(batch._claim(), "a stopped one waits for a person")

    # ------------------------------------------------------------------- privacy
    def test_merged_contacts_keep_every_purchase(self):
        """Equal purchases of both stay two; the file again adds none."""
        file = (
            "phone,date,amount\n0887000081,2025-03-05,10\n0887000082,2025-03-05,10\n"
            "0887000082,2025-03-06,20\n"
        )
        opening = "phone,Total spent,Last purchase\n0887000081,5,1/1/2024\n0887000082,6,1/1/2024\n"
        with self._at(NOW):
            sums = self._import(opening)
            batch = self._import(file)
            first, second = (self._by_phone(f"088700008{n}") for n in (1, 2))
            self.purchases._care_merge_partners(second, first)
            self.lines._care_merge_partners(second, first)
            self.assertEqual(
                self._bought(first),
                [
                    ("2024-01-01", 5, ""),
                    ("2024-01-01", 6, ""),
                    ("2025-03-05", 10, ""),
                    ("2025-03-05", 10, ""),
                    ("2025-03-06", 20, ""),
                ],
            )
            self.assertEqual((batch | sums).line_ids.partner_id, first)
            second.phone, second.active = False, False
            first.phone = "0887000082"
            again = self._import(file)
            self.assertEqual(
                self._by_phone("0887000081").id, again.line_ids[0].partner_id.id
            )
            self.assertEqual(len(self._bought(first)), 5)

    def test_forgotten_and_exported(self):
        with self._at(NOW):
            batch = self._import(
                "phone,email,order,date,amount\n0887000083,bad,X9,2025-03-05,10\n"
            )
            partner = self._by_phone("0887000083")
            exported = self.purchases._care_export_partners(partner)
            self.assertEqual(
                [(row["day"], row["amount"], row["reference"]) for row in exported],
                [("2025-03-05", 10, "X9")],
            )
            [line] = self.lines._care_export_partners(partner)
            self.assertEqual((line["file"], line["row"]), ("khach.csv", 2))
            self.assertIn("0887000083", line["cells"])
            self.lines._care_forget_partners(partner)
            self.purchases._care_forget_partners(partner)
        self.assertFalse(batch.line_ids.cells)
        self.assertFalse(batch.file)
        self.assertEqual(self._bought(partner), [("2025-03-05", 10, "X9")])
        self.assertEqual(batch.purchase_count, 1)

    def test_contents_are_dropped_after_a_while(self):
        with self._at("2026-01-01 05:00"):
            batch = self._import("phone,name\n12,Left Out\n")
            self.assertTrue(batch.line_ids.cells)
        with self._at("2026-03-01 05:00"):
            self.lines._gc_cells()
            self.assertTrue(batch.line_ids.cells)
        with self._at("2026-04-15 05:00"):
            self.lines._gc_cells()
        batch.invalidate_recordset()
        self.assertFalse(batch.line_ids.cells)
        self.assertFalse(batch.file)
        self.assertEqual(batch.left_out_count, 1)

    def test_a_new_one_on_the_form(self):
        """Everything that is computed is there before the file is."""
        form = Form(self.imports.with_user(self.user_manager))
        form.file = base64.b64encode(LIST.encode())
        batch = form.save()
        self.assertEqual(batch.state, "columns")
        self.assertEqual(batch.line_count, 1)
        with Form(batch) as form, form.column_ids.edit(0) as column:
            self.assertEqual(column.role, "phone")
            column.role = "email"
        self.assertIn("→", batch.column_ids[0].samples)
