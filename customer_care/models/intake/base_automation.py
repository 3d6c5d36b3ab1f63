from odoo import SUPERUSER_ID, models

from ...lib.internal import is_internal


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    def _get_actions(self, records, triggers):
        """Imports and first fills are silent: no rule follows from them.

        The context key ``care_silent`` counts for the system's own jobs alone.
        """
        if self.env.uid == SUPERUSER_ID and is_internal(
            self.env.context, "care_silent"
        ):
            return self.browse()
        return super()._get_actions(records, triggers)
