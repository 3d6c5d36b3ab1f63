import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, IntakeCommon, Killed

LIST = """Họ tên;SĐT;Email;Địa chỉ;Tỉnh thành;Ngày sinh;Mã đơn;Ngày mua;Tổng tiền
Lê Thị Hoa;0887 000 001;hoa@nhap.test;1 Lê Lợi;Huế;20/05/1990;A1;15/03/2025;1.250.000
Phạm Văn Nam;+84 887 000 002;;;;;A2;02/04/2025;480.000
Lê Thị Hoa;84887000001;;;;;A3;21/06/2025;2.300.000
"""


@tagged("post_install", "-at_install")
class TestCareImport(IntakeCommon):
    def test_list_of_customers_with_purchases(self):
        """Columns are guessed, one number in three forms is one customer."""
        with self._at(NOW):
            batch = self._send(LIST)
            self.assertEqual(batch.state, "columns")
            self.assertFalse(batch.twin_note)
            self.assertEqual(
                self._roles(batch),
                [
                    "name",
                    "phone",
                    "email",
                    "street",
                    "city",
                    "birthday",
                    "reference",
                    "day",
                    "amount",
                ],
            )
            self.assertFalse(self._by_phone("0887000001"), "nothing before the start")
            self._take_in(batch)
        self.assertEqual(batch.state, "done")
        hoa = self._by_phone("0887000001")
        self.assertEqual(hoa.mapped("name"), ["Lê Thị Hoa"])
        self.assertEqual(hoa.email, "hoa@nhap.test")
        self.assertEqual(hoa.street, "1 Lê Lợi")
        self.assertEqual(hoa.city, "Huế")
        self.assertEqual(str(hoa.care_birthday), "1990-05-20")
        self.assertEqual(hoa.country_id, self.company.country_id)
        self.assertEqual(
            self._bought(hoa),
            [("2025-03-15", 1250000, "A1"), ("2025-06-21", 2300000, "A3")],
        )
        nam = self._by_phone("84887000002")
        self.assertEqual(self._bought(nam), [("2025-04-02", 480000, "A2")])
        self.assertEqual(
            (batch.line_count, batch.created_count, batch.customer_count),
            (3, 2, 2),
        )
        self.assertEqual((batch.purchase_count, batch.left_out_count), (3, 0))
        self.assertEqual(self._profile(hoa).purchase_count, 2)
        self.assertEqual(self._profile(hoa).revenue, 3550000)
        self.assertEqual(hoa.care_customer_reason, "purchase")

    def test_same_file_twice_doubles_nothing(self):
        with self._at(NOW):
            self._import(LIST)
            before = self.partners.search_count([]), self.purchases.search_count([])
            again = self._import(LIST)
        self.assertEqual(
            (self.partners.search_count([]), self.purchases.search_count([])), before
        )
        self.assertEqual((again.created_count, again.customer_count), (0, 2))
        self.assertEqual((again.purchase_count, again.known_purchase_count), (0, 3))
        self.assertEqual(self._reasons(again), {})
        self.assertIn("The same file was imported on", again.twin_note)

    def test_equal_purchases_without_a_number(self):
        """Two coffees on a day are two, and stay two when the file comes again."""
        coffee = (
            "phone,date,amount\n0887000003,2025-03-05,50\n0887000003,2025-03-05,50\n"
        )
        with self._at(NOW):
            self._import(coffee)
            partner = self._by_phone("0887000003")
            self.assertEqual(len(self._bought(partner)), 2)
            again = self._import(f"{coffee}0887000003,2025-03-05,50\n")
        self.assertEqual(len(self._bought(partner)), 3, "a third one is new")
        self.assertEqual((again.purchase_count, again.known_purchase_count), (1, 2))

    def test_customers_alone_are_customers(self):
        with self._at(NOW):
            self._refresh()
            self._import("Tên;Điện thoại\nHà;0887000004\n")
        partner = self._by_phone("0887000004")
        self.assertTrue(partner.care_is_customer)
        self.assertEqual(partner.care_customer_reason, "import")

    def test_known_contact_is_filled_in_and_not_written_over(self):
        known = self.partners.create(
            {"name": "Chị Hoa", "phone": "0084 887 000 005", "city": "Vinh"}
        )
        with self._at(NOW):
            batch = self._import(
                "Tên;SĐT;Email;Thành phố\nHoa Lê;887000005;HOA5@nhap.test;Huế\n"
            )
        self.assertEqual(batch.created_count, 0)
        self.assertEqual(known.name, "Chị Hoa")
        self.assertEqual(known.city, "Vinh")
        self.assertEqual(known.email, "hoa5@nhap.test")

    def test_phone_first_then_email(self):
        by_phone = self.partners.create({"name": "P", "phone": "0887000006"})
        by_mail = self.partners.create({"name": "E", "email": "e6@nhap.test"})
        with self._at(NOW):
            batch = self._import(
                "phone,email,date,amount\n"
                "0887000006,e6@nhap.test,2025-03-05,10\n"
                ",E6@Nhap.test,2025-03-06,20\n"
            )
        self.assertEqual(self._bought(by_phone), [("2025-03-05", 10, "")])
        self.assertEqual(self._bought(by_mail), [("2025-03-06", 20, "")])
        notes = {line.row: line.note for line in batch.line_ids}
        self.assertEqual(notes, {2: "duplicates", 3: False})

    def test_several_contacts_the_oldest_customer_is_taken(self):
        older, customer, younger = self.partners.create(
            [{"name": name, "phone": "0887000007"} for name in ("A", "B", "C")]
        )
        customer.care_customer_mark = "yes"
        with self._at(NOW):
            self._refresh()
            batch = self._import("phone,date,amount\n0887000007,2025-03-05,10\n")
            self.assertTrue(self._bought(customer))
            self.assertFalse(self._bought(older) + self._bought(younger))
            self.assertEqual(batch.line_ids.note, "duplicates")
            customer.phone = False
            self._import("phone,date,amount\n0887000007,2025-03-06,10\n")
        self.assertTrue(self._bought(older), "the oldest where nobody is a customer")
        self.assertFalse(self._bought(younger))

    def test_duplicates_within_the_file_over_phone_and_email(self):
        """Rows that share a phone with one row and an e-mail with another."""
        with self._at(NOW):
            batch = self._import(
                "name,phone,email\n"
                "A,0887000008,a8@nhap.test\n"
                "B,0887000008,\n"
                "C,,a8@nhap.test\n"
            )
        self.assertEqual((batch.created_count, batch.customer_count), (1, 1))

    def test_who_is_no_customer_is_reported(self):
        world = {
            "internal": self.user_own.partner_id,
            "own_company": self.company.partner_id,
            "supplier": self.partners.create({"name": "NCC", "supplier_rank": 1}),
            "archived": self.partners.create({"name": "Cũ", "active": False}),
            "never": self.partners.create(
                {"name": "Không", "care_customer_mark": "no"}
            ),
        }
        file = "phone\n"
        for number, partner in enumerate(world.values()):
            partner.phone = f"08870000{number + 10}"
            file += f"{partner.phone}\n"
        before = self.partners.with_context(active_test=False).search_count([])
        with self._at(NOW):
            batch = self._import(file)
        self.assertEqual(
            self._reasons(batch),
            dict(enumerate(world, start=2)),
        )
        after = self.partners.with_context(active_test=False).search_count([])
        self.assertEqual(after, before)
        self.assertIn("5", batch.summary)

    def test_supplier_who_bought_is_a_customer(self):
        partner = self.partners.create(
            {"name": "NCC", "supplier_rank": 1, "phone": "0887000020"}
        )
        with self._at(NOW):
            self._order("2026-06-01 05:00:00", 100, partner)
            batch = self._import("phone\n0887000020\n")
        self.assertEqual(self._reasons(batch), {})

    def test_suppressed_people_are_not_brought_back(self):
        hush = patch.object(
            type(self.imports),
            "_suppressed",
            lambda self, values: {"887000021"} & values,
        )
        with self._at(NOW), hush:
            batch = self._import("phone,email\n0887000021,x@nhap.test\n0887000022,\n")
        self.assertEqual(self._reasons(batch), {2: "suppressed"})
        self.assertFalse(self._by_phone("0887000021"))

    # ---------------------------------------------------------------- purchases
    def test_number_of_another_purchase(self):
        """Lines of one order are no purchases of their own: the second is reported."""
        with self._at(NOW):
            batch = self._import(
                "phone,order,date,amount\n"
                "0887000023,N1,2025-03-05,10\n"
                "0887000023,N1,2025-03-05,15\n"
                "0887000024,N1,2025-03-05,10\n"
                "0887000023,N1,2025-03-05,10\n"
            )
        self.assertEqual(
            self._reasons(batch), {3: "reference_taken", 4: "reference_taken"}
        )
        self.assertEqual(batch.known_purchase_count, 1)
        self.assertFalse(self._by_phone("0887000024"), "left out as a whole")

    def test_sum_until_a_day(self):
        file = "phone,Total spent,Last purchase,Orders\n0887000025,9000,31/12/2024,4\n"
        with self._at(NOW):
            self._refresh()
            batch = self._import(file)
            self.assertEqual(self._reasons(batch), {})
            partner = self._by_phone("0887000025")
            self.assertTrue(
                self.purchases.search([("partner_id", "=", partner.id)]).is_opening
            )
            later = self._import(
                "phone,date,amount\n0887000025,2024-05-05,10\n0887000025,2025-05-05,20\n"
            )
            self.assertEqual(self._reasons(later), {2: "before_opening"})
            again = self._import(file)
            self.assertEqual((again.purchase_count, again.known_purchase_count), (0, 1))
            other = self._import(file.replace("9000", "9500"))
            self.assertEqual(self._reasons(other), {2: "opening_exists"})
        profile = self._profile(partner)
        self.assertEqual((profile.purchase_count, profile.revenue), (5, 9020))

    def test_sum_over_purchases_that_are_there(self):
        with self._at(NOW):
            self._import("phone,date,amount\n0887000026,2024-05-05,10\n")
            batch = self._send("phone,Total spent\n0887000026,9000\n")
            batch.opening_on = "2024-12-31"
            self._take_in(batch)
        self.assertEqual(self._reasons(batch), {2: "opening_overlap"})

    def test_refunds_and_delivery(self):
        """Money back is negative, even more than was paid; the rest is dated."""
        with self._at(NOW):
            self._import(
                "phone,date,amount,delivered\n"
                "0887000027,2025-03-05,100,2025-03-08\n"
                "0887000027,2025-04-05,(250),\n"
            )
        partner = self._by_phone("0887000027")
        profile = self._profile(partner)
        if not profile:
            self._refresh()
            profile = self._profile(partner)
        self.assertEqual((profile.purchase_count, profile.revenue), (1, -150))
        self.assertEqual(profile.refund_amount, 250)
        self.assertEqual(str(partner.care_delivered_on), "2025-03-08")

    def test_other_currencies(self):
        """At the rate of the day; without one the line is left out."""
        own = self.company.currency_id
        other = self.env["res.currency"].create(
            {"name": "QQA", "symbol": "q", "rounding": 0.01}
        )
        self.env["res.currency"].create({"name": "QQB", "symbol": "b"})
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": other.id,
                    "name": day,
                    "rate": rate,
                    "company_id": self.company.id,
                }
                for day, rate in (("2024-01-01", 0.5), ("2025-01-01", 0.25))
            ]
        )
        with self._at(NOW):
            batch = self._import(
                "phone,date,amount,currency\n"
                "0887000028,2024-05-05,10,QQA\n"
                "0887000028,2025-05-05,10,qqa\n"
                f"0887000028,2025-05-06,10,{own.name}\n"
                "0887000028,2025-05-07,10,QQB\n"
            )
        self.assertEqual(self._reasons(batch), {5: "currency"})
        self.assertEqual(
            [
                amount
                for _day, amount, _ref in self._bought(self._by_phone("0887000028"))
            ],
            [20, 40, 10],
        )

    # ------------------------------------------------------------------- silence
    def test_an_import_is_silent(self):
        """No row in mail, sms, activity; no event that is news; no automation."""
        self.env["base.automation"].create(
            {
                "name": "Welcome",
                "model_id": self.env.ref("base.model_res_partner").id,
                "trigger": "on_create_or_write",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Note",
                            "model_id": self.env.ref("base.model_res_partner").id,
                            "state": "code",
                            "code": "record.message_post(body='Welcome')",
                        },
                    )
                ],
            }
        )
        with self._at(NOW):
            known = self.partners.create({"name": "Quen", "phone": "0887000029"})
            segment = self.env["care.segment"].create(
                {
                    "name": "Mua",
                    "domain": "[('care_profile_id.purchase_count', '>', 0)]",
                }
            )
            self.profiles._refresh_all(self.company)
            segment._refresh_and_note()
            self.env.cr.precommit.run()  # what was written before is told before
            self.env["care.touch"]._take(100000)
            before = self._outbox()
            self._import(
                "phone,email,date,amount\n"
                "0887000029,q29@nhap.test,2026-06-01,100\n"
                "0887000030,n30@nhap.test,2026-06-01,100\n"
            )
            self.env.cr.precommit.run()
            told, hushed = self.env["care.touch"]._take(100000)
            new = self._by_phone("0887000030")
            self.assertLessEqual(known | new, hushed)
            self.assertFalse(told & (known | new))
            self.env["care.touch"]._look_at(hushed, silent=True)
            self.assertEqual(self._outbox(), before)
            self.assertLessEqual(known | new, segment.member_ids.partner_id)

    # -------------------------------------------------------------------- resume
    def _batches(self, size):
        return patch.multiple(
            "odoo.addons.customer_care.models.intake.care_import_writing",
            WRITE_BATCH=size,
        )

    def _long_list(self, count=7):
        rows = [
            f"Khách {number};08870001{number:02d};2025-03-{number + 1:02d};{number + 1}000"
            for number in range(count)
        ]
        return "\n".join(["Tên;SĐT;Ngày mua;Tổng tiền", *rows])

    def test_killed_in_the_middle_and_resumed(self):
        """At each point of a batch: what was committed stays, nothing doubles."""
        for point in ("_write_people", "_write_purchases", "_note_results", "_look_at"):
            with self.subTest(point=point), self._at(NOW), self._batches(2):
                self._kill_and_resume(point)

    def _kill_and_resume(self, point):
        self.purchases.search([("partner_id.phone", "like", "08870001")]).unlink()
        self.partners.search([("phone", "like", "08870001")]).unlink()
        batch = self._send(self._long_list())
        batch.write({"state": "checking", "started_on": self.env.cr.now()})
        savepoint = self.env.cr.savepoint(flush=True)
        calls = []

        def commit(size):
            nonlocal savepoint
            self.env.flush_all()
            savepoint.close(rollback=False)
            savepoint = self.env.cr.savepoint(flush=True)
            return True

        kind = type(self.imports)
        origin = getattr(kind, point)

        def die_on_second(this, *args):
            result = origin(this, *args)
            calls.append(point)
            if len(calls) == 2:
                raise Killed
            return result

        with patch.object(kind, point, die_on_second):
            # assertRaises would roll back everything, and a dead worker does not
            try:
                batch._as_system()._work(commit)
                self.fail("the worker was to die")
            except Killed:
                savepoint.rollback()
        savepoint.close(rollback=False)
        self.env.invalidate_all(flush=False)
        self.assertEqual(len(self.partners.search([("phone", "like", "08870001")])), 2)
        self.assertEqual((batch.state, batch.finished_count), ("writing", 2))
        self._run(batch)
        self.assertEqual(batch.state, "done")
        customers = self.partners.search([("phone", "like", "08870001")])
        self.assertEqual(len(customers), 7)
        self.assertEqual(
            sorted(
                self.purchases.search([("partner_id", "in", customers.ids)]).mapped(
                    "amount"
                )
            ),
            [1000, 2000, 3000, 4000, 5000, 6000, 7000],
        )

    def test_killed_while_reading(self):
        batch = self._send(self._long_list())
        batch.line_ids.unlink()
        batch.column_ids.unlink()
        batch.state = "reading"
        path = "odoo.addons.customer_care.models.intake.care_import_job.READ_BATCH"
        with self._at(NOW), patch(path, 3):
            rows = batch._as_system()._open_rows()
            batch._as_system()._read_batch(rows)
            self.assertEqual(batch.line_count, 2, "the heading is no line")
            self._run(batch)  # another worker begins with the file anew
        self.assertEqual(batch.state, "columns")
        self.assertEqual(batch.line_ids.mapped("row"), [2, 3, 4, 5, 6, 7, 8])
        self.assertEqual(self._roles(batch), ["name", "phone", "day", "amount"])

    def test_cancel_and_go_on(self):
        with self._at(NOW), self._batches(2):
            batch = self._send(self._long_list())
            batch.write({"state": "checking", "started_on": self.env.cr.now()})
            turns = []

            def commit(size):
                turns.append(size)
                if len(turns) == 2:
                    batch.with_user(self.user_manager).action_cancel()
                self.env.flush_all()
                return True

            batch._as_system()._work(commit)
            self.assertEqual((batch.state, batch.finished_count), ("cancelled", 2))
            batch.with_user(self.user_manager).action_resume()
            self.assertEqual(batch.state, "writing")
            self._run(batch)
        self.assertEqual((batch.state, batch.purchase_count), ("done", 7))

    def test_a_line_that_is_refused_holds_nobody_up(self):
        kind = type(self.partners)
        origin = kind.create

        def create(this, vals_list):
            if any(vals.get("name") == "Khách 3" for vals in vals_list):
                raise UserError("This contact is refused")
            return origin(this, vals_list)

        with (
            self._at(NOW),
            patch.object(kind, "create", create),
            mute_logger("odoo.addons.customer_care.models.intake.care_import_writing"),
        ):
            batch = self._import(self._long_list())
        self.assertEqual(self._reasons(batch), {5: "error"})
        self.assertEqual(batch.created_count, 6)
        line = batch.line_ids.filtered(lambda line: line.row == 5)
        self.assertEqual(line.detail, "This contact is refused")

    def test_the_report_is_safe_and_can_be_imported_again(self):
        with self._at(NOW):
            batch = self._import(
                "Tên;SĐT;Ngày mua;Tổng tiền\n"
                '"=HYPERLINK(""http://x"")";0887000031;31/02/2025;10\n'
                "@SUM(A1);+84887000032;;10\n"
            )
            self.assertEqual(self._reasons(batch), {2: "date", 3: "no_day"})
            report = base64.b64decode(batch.left_out_file).decode("utf-8-sig")
            rows = [line.split(",") for line in report.splitlines()]
            self.assertTrue(rows[1][2].lstrip('"').startswith("'=HYPERLINK"))
            self.assertEqual(rows[2][2:4], ["'@SUM(A1)", "'+84887000032"])
            mended = report.replace("31/02/2025", "28/02/2025")
            again = self._send(mended)
            self.assertEqual(
                self._roles(again), ["", "", "name", "phone", "day", "amount"]
            )
            self._take_in(again)
        self.assertEqual(self._reasons(again), {3: "no_day"})
        self.assertEqual(
            self._by_phone("0887000031").name,
            '=HYPERLINK("http://x")',
            "text, as it was",
        )
