from odoo import api, fields, models


class CareScriptUse(models.Model):
    """A script was sent to a customer. Written by the system with the message alone."""

    _name = "care.script.use"
    _description = "Use of a Script"
    _log_access = False
    _rec_name = "script_id"
    _order = "date desc, id desc"

    script_id = fields.Many2one(
        comodel_name="care.script",
        required=True,
        index=True,
        ondelete="cascade",
    )
    variant_id = fields.Many2one(
        comodel_name="care.script.variant",
        string="Wording",
        index="btree_not_null",
        ondelete="set null",
    )
    ticket_id = fields.Many2one(
        comodel_name="care.ticket",
        required=True,
        index=True,
        ondelete="cascade",
    )
    message_id = fields.Many2one(
        comodel_name="mail.message",
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Agent",
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Datetime(required=True)
    is_edited = fields.Boolean(
        string="Edited",
        help="The message that went out differs in a word or a sign from the script.",
    )

    @api.model
    def _count_by(self, field, owners):
        """Count the uses in the companies of the user; numbers only, for every agent.

        :param str field: ``script_id`` or ``variant_id``
        :return: dict id → (uses, of them edited)
        """
        rows = self.sudo()._read_group(
            [
                (field, "in", owners.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            [field, "is_edited"],
            ["__count"],
        )
        counts = {}
        for owner, is_edited, count in rows:
            uses, edited = counts.get(owner.id, (0, 0))
            counts[owner.id] = uses + count, edited + count * bool(is_edited)
        return counts
