from ..common import CareCommon


class UrgencyCommon(CareCommon):
    """The world, with a table of rules that belongs to the test alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["care.urgency.rule"]
        cls.rules.search([]).active = False

    @classmethod
    def _rule(cls, kind, points, **values):
        return cls.rules.create(
            {
                "name": values.pop("name", f"{kind} {points}"),
                "kind": kind,
                "points": points,
                "company_id": values.pop("company_id", cls.company.id),
                **values,
            }
        )

    def _points(self, ticket):
        """Return kind → points of the reasons of ``ticket``."""
        return {hit["kind"]: hit["points"] for hit in ticket.urgency_reasons or []}
