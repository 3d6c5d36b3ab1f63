from datetime import date

from ..customer.test_care_profile import ProfileCommon


class PanoramaCommon(ProfileCommon):
    """A customer with one record of every source of the timeline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"name": "Nguyễn Thị Mai", "lang": "en_US", "phone": False})
        cls.customer.phone = "0912 345 678"
        cls.env.user.lang = "en_US"
        cls.seller = cls.user_manager
        cls.seller.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.accountant = cls.user_admin
        cls.accountant.group_ids |= cls.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        ) | cls.env.ref("account.group_account_invoice")

    def _page(self, user, partner=None, **filters):
        """Return the whole timeline of a customer as somebody sees it, page by page."""
        partner = (partner or self.customer).with_user(user)
        lines, before = [], None
        while before is not False:
            page = partner.get_care_timeline(filters, before)
            self.assertLessEqual(len(page["lines"]), 30)
            lines += page["lines"]
            before = page["next"]
        return lines

    def _keys(self, user, partner=None, **filters):
        return [line["key"] for line in self._page(user, partner, **filters)]

    def _line(self, user, record, code=None):
        """Return the line of a record; fail unless there is exactly one."""
        found = [
            line
            for line in self._page(user)
            if (line["model"], line["res_id"]) == (record._name, record.id)
            and (not code or line["key"].startswith(f"{code}-"))
        ]
        self.assertEqual(len(found), 1, record)
        return found[0]

    def _log_contact(self, user=None, **values):
        values.setdefault("channel", "call")
        return self.env["care.contact.log"].browse(
            self.customer.with_user(user or self.user_own).action_care_log_contact(
                **values
            )
        )

    def _create_invoice(self, kind="out_invoice", partner=None, price=1000):
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or self.customer).id,
                "invoice_date": date(2026, 5, 1),
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": price, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        return move
