from ..common import CareCommon


class ScriptCommon(CareCommon):
    """A Vietnamese customer, an English one, and scripts of the test alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scripts = cls.env["care.script"]
        cls.scripts.search([]).active = False
        cls.english = cls.env.ref("base.lang_en")
        cls.vietnamese = cls.env["res.lang"]._activate_lang("vi_VN")
        cls.customer.lang = "vi_VN"
        cls.customer_two.lang = "en_US"
        cls.category = cls.env["care.ticket.category"].create({"name": "Máy giặt"})
        cls.below = cls.env["care.ticket.category"].create(
            {"name": "Không vắt", "parent_id": cls.category.id}
        )

    @classmethod
    def _script(cls, name, *variants, **values):
        """Create a script; each variant is a body, or values with a body."""
        bodies = [v if isinstance(v, dict) else {"body": v} for v in variants]
        return cls.scripts.create(
            {
                "name": name,
                "company_id": values.pop("company_id", cls.company.id),
                "variant_ids": [(0, 0, {"lang_id": False, **v}) for v in bodies],
                **values,
            }
        )

    def _offered(self, ticket, user=None):
        """Return name of the script → its words on ``ticket``."""
        rows = ticket.with_user(user or self.user_own).get_scripts()
        return {row["name"]: row["text"] for row in rows}
