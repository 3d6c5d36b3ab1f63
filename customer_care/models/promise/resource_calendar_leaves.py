from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._note_care_calendars()
        return leaves

    def write(self, vals):
        self._note_care_calendars()
        result = super().write(vals)
        self._note_care_calendars()
        return result

    def unlink(self):
        self._note_care_calendars()
        return super().unlink()

    def _note_care_calendars(self):
        """Note the calendars in which these days off are felt.

        A leave of a person is nobody else's; one without a calendar is felt in all
        calendars of its company, one without a company in those of all companies.
        """
        versions = self.env["care.calendar.version"]
        common = self.filtered(lambda leave: not leave.resource_id)
        versions._note_change(common.calendar_id)
        for leave in common.filtered(lambda leave: not leave.calendar_id):
            versions._note_change(companies=leave.company_id)
        if any(not leave.calendar_id and not leave.company_id for leave in common):
            versions._note_change_everywhere()
