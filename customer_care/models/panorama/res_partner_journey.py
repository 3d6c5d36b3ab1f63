"""The way of a customer through the care stages."""

from odoo import fields, models

#: Stages of the strip; what was before is told by the timeline.
SHOWN = 8


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_care_journey(self):
        """Return the care stages of this customer in the company, oldest first.

        :return: dict with ``stops`` (name, color, on, reason, note, who, is_by_hand,
            is_now, until: day up to which it is kept), ``earlier`` (how many came
            before them) and ``underneath``, see :meth:`_get_care_journey_underneath`
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        changes = self.env["care.stage.change"].search_fetch(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
            ],
            ["to_id", "on", "reason", "note", "user_id"],
            order="on desc, id desc",
            limit=SHOWN + 1,
        )
        shown = changes[:SHOWN]
        stops = [self._prepare_care_stop(change) for change in shown[::-1]]
        if self.care_stage_id and shown[:1].to_id != self.care_stage_id:
            stops.append(self._prepare_care_present_stop())
        if stops and self.care_stage_id:
            until = self.care_stage_lock_until
            stops[-1].update(
                is_now=True,
                until=fields.Date.to_string(until) if until else False,
            )
        return {
            "stops": stops,
            "has_earlier": len(changes) > SHOWN,
            "underneath": self._get_care_journey_underneath(),
        }

    def _prepare_care_stop(self, change):
        moment = fields.Datetime.context_timestamp(self, change.on)
        return {
            "key": change.id,
            "name": change.to_id.name or self.env._("No care stage"),
            "color": change.to_id.color,
            "on": fields.Date.to_string(moment.date()),
            "reason": self._say_care_choice(
                "care.stage.change", "reason", change.reason
            ),
            "note": change.note or "",
            "who": change.user_id.name or "" if change.reason == "hand" else "",
            "is_by_hand": change.reason == "hand",
            "is_now": False,
            "until": False,
        }

    def _prepare_care_present_stop(self):
        """Return where the customer stands, when no line of the history says so."""
        since = self.care_stage_since
        return {
            "key": "now",
            "name": self.care_stage_id.name,
            "color": self.care_stage_id.color,
            "on": fields.Date.to_string(since) if since else False,
            "reason": "",
            "note": "",
            "who": "",
            "is_by_hand": False,
            "is_now": True,
            "until": False,
        }

    def _get_care_journey_underneath(self):
        """Return what runs for this customer, shown under the strip of care stages.

        A hook. Each entry: dict with ``key``, ``name``, ``text`` (where it stands, in
        words), ``model`` and ``res_id`` (what it opens).
        """
        return []
