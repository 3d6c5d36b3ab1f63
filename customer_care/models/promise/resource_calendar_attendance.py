from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["care.calendar.version"]._note_change(lines.calendar_id)
        return lines

    def write(self, vals):
        before = self.calendar_id
        result = super().write(vals)
        self.env["care.calendar.version"]._note_change(before | self.calendar_id)
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        self.env["care.calendar.version"]._note_change(calendars.exists())
        return result
