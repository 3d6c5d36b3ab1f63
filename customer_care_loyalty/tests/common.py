"""What the tests of points and tiers share."""

from odoo.addons.customer_care.tests.common import CareCommon


class LoyaltyCommon(CareCommon):
    """A program with three tiers in the company, and one in the other company.

    Silver starts at 0 points, Gold at 1,000, Diamond at 5,000. Programs that the database
    brings along are archived.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.program = cls._create_program(cls.company)
        cls.silver, cls.gold, cls.diamond = cls.env["loyalty.tier"].create(
            [
                {"name": name, "threshold": threshold, "program_id": cls.program.id}
                for name, threshold in (
                    ("Silver", 0),
                    ("Gold", 1000),
                    ("Diamond", 5000),
                )
            ]
        )
        cls.other_program = cls._create_program(cls.other_company)
        cls.other_tier = cls.env["loyalty.tier"].create(
            {"name": "Huế", "threshold": 10, "program_id": cls.other_program.id}
        )

    @classmethod
    def _create_program(cls, company, **values):
        return cls.env["loyalty.program"].create(
            {
                "name": f"Member Card {company.name}",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "portal_point_name": "points",
                "company_id": company.id,
                **values,
            }
        )

    @classmethod
    def _give(cls, partner, points, program=None, **values):
        """Give ``partner`` a card with ``points``."""
        return (
            cls.env["loyalty.card"]
            .with_context(loyalty_no_mail=True)
            .create(
                {
                    "partner_id": partner.id,
                    "points": points,
                    "program_id": (program or cls.program).id,
                    **values,
                }
            )
        )

    def _tier(self, partner, company=None):
        """Return the tier that ``partner`` shows in ``company``, read anew."""
        self.env.invalidate_all()
        return partner.with_company(company or self.company).care_tier_id

    def _points(self, partner, company=None):
        """Return the points that ``partner`` shows in ``company``, read anew."""
        self.env.invalidate_all()
        return partner.with_company(company or self.company).care_points
