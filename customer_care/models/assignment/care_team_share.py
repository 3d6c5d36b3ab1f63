"""A leader shares out somebody's work, and says who is away."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...lib.assignment import LEAST_LOADED, share
from ...lib.internal import INTERNAL

#: Ids are int4.
LARGEST_ID = 2**31 - 1


class CareTeam(models.Model):
    _inherit = "care.team"

    def _share(self, count, without=(), barred=()):
        """Return who gets ``count`` tickets of this team, None where nobody can.

        :param without: ids of people who get none of them
        :param barred: per ticket, ids of people who do not get this one
        """
        self.ensure_one()
        rule = self.sudo().assignment
        rule = LEAST_LOADED if rule == "manual" else rule
        return share(count, self._get_candidates(without), rule, barred)

    @api.model
    def _check_led(self, user_id):
        """Return the teams the reader leads, and one of their people.

        :raises AccessError: he leads no team in which this person works
        """
        teams = self._get_led_teams() if self._may_lead() else self.browse()
        user = self.env["res.users"]
        if _is_id(user_id):
            user = user.browse(user_id).exists()
        holders = self.env["care.ticket"].search_count(
            [("team_id", "in", teams.ids), ("user_id", "=", user.id)], limit=1
        )
        if not user or not teams or not (user in teams.member_ids or holders):
            raise AccessError(
                self.env._(
                    "Only the leader of a team shares out the work of its people."
                )
            )
        return teams, user

    @api.model
    def _may_lead(self):
        return self.env.user.has_group("customer_care.group_lead")

    @api.model
    def action_set_away(self, user_id, is_away):
        """Say that one of your people is away today, or back; ends with the day.

        :param int user_id: who
        :param bool is_away: False: he is back
        :raises AccessError: you do not lead him
        """
        teams, user = self._check_led(user_id)
        away = self.env["care.away"].sudo()
        for company in teams.company_id:
            values = {
                "user_id": user.id,
                "company_id": company.id,
                "day": self.env["care.profile"]._today(company),
            }
            rows = away.search([(name, "=", value) for name, value in values.items()])
            if is_away and not rows:
                away.create(values)
            elif not is_away:
                rows.unlink()
        if not is_away:
            self._wake_assignment()
        return True

    @api.model
    def action_share_out(self, user_id):
        """Share the open tickets of one of your people out among those who are there.

        :param int user_id: whose
        :return: dict with ``moved`` and ``left`` (numbers) and ``pairs`` (ticket id,
            user id of who has it now), which :meth:`action_undo_share_out` takes
        :raises AccessError: you do not lead him
        :raises UserError: nobody is there who could take anything
        """
        teams, user = self._check_led(user_id)
        tickets = self.env["care.ticket"].search(
            [
                ("team_id", "in", teams.ids),
                ("user_id", "=", user.id),
                ("is_open", "=", True),
            ],
            order="sla_deadline, waiting_since, id",
        )
        pairs = []
        for team, group in tickets.grouped("team_id").items():
            picks = team._share(len(group), without={user.id})
            group._give(team, picks)
            pairs += [
                [ticket.id, ref]
                for ticket, ref in zip(group, picks, strict=True)
                if ref
            ]
        if tickets and not pairs:
            raise UserError(
                self.env._(
                    "Nobody else of the team is there with room for more: the"
                    " %(count)s tickets stay with %(person)s. Raise the number of tickets"
                    " per person, or free the tickets one by one.",
                    count=len(tickets),
                    person=user.name,
                )
            )
        return {"moved": len(pairs), "left": len(tickets) - len(pairs), "pairs": pairs}

    @api.model
    def action_undo_share_out(self, user_id, pairs):
        """Give back what was shared out, where nobody has moved it on since.

        What its new person has worked on since stays with him.

        :param int user_id: who had the tickets
        :param list pairs: of :meth:`action_share_out`
        :return: number of tickets given back
        :raises UserError: the person does not work here any more, or the pairs are not
            what was shared out
        """
        teams, user = self._check_led(user_id)
        holders = self._read_pairs(pairs)
        tickets = self.env["care.ticket"].search(
            [("id", "in", list(holders)), ("team_id", "in", teams.ids)]
        )
        mine = tickets.filtered(
            lambda ticket: ticket.is_open and ticket.user_id.id == holders[ticket.id]
        )
        mine -= mine._get_worked_on()
        if not user.active:
            raise UserError(
                self.env._(
                    "%(person)s does not work here any more: the tickets stay with who"
                    " has them now.",
                    person=user.name,
                )
            )
        # giving back is no hand-off: see the ping-pong
        mine.with_context(care_unhanded=INTERNAL).write({"user_id": user.id})
        return len(mine)

    @api.model
    def _read_pairs(self, pairs):
        """Return ticket id → user id of what a client says was shared out.

        :raises UserError: it is not a list of two ids each
        """
        is_list = isinstance(pairs, list | tuple)
        if not is_list or not all(
            isinstance(pair, list | tuple) and len(pair) == 2 and all(map(_is_id, pair))
            for pair in pairs
        ):
            raise UserError(
                self.env._(
                    "This is not what was shared out, so nothing was given back. Assign"
                    " the tickets one by one in Team Today."
                )
            )
        return dict(map(tuple, pairs))


def _is_id(value):
    """Whether something that a client sent can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID
