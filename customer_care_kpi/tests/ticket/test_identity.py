from odoo.tests import tagged

from ..common import FactCommon


@tagged("post_install", "-at_install")
class TestIdentity(FactCommon):
    def test_merging_contacts_keeps_every_figure(self):
        gone = self.env["res.partner"].create({"name": "Tran Van Hung"})
        tickets = self._open("09:00", partner_id=gone.id)
        tickets |= self._open("09:30", partner_id=self.customer_two.id)
        self._reply(tickets[0], "10:00", stage=self.stage_solved)
        facts = self.facts.search([("ticket_id", "in", tickets.ids)])
        names = self._get_measure_names()
        before = facts.read(names)
        self.assertEqual(facts.partner_id, gone | self.customer_two)
        merger = self.env["base.partner.merge.automatic.wizard"].sudo()
        merger._merge((gone | self.customer_two).ids, self.customer_two)
        self.env.invalidate_all()
        self.assertEqual(facts.partner_id, self.customer_two)
        self.assertEqual(len(facts.exists()), 2)
        self.assertEqual(facts.read(names), before)
