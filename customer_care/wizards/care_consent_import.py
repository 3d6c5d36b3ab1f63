import base64
from collections import defaultdict

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..lib import consent_file, gate, quiet_hours
from ..models.consent.care_limit_line import LIMITED
from ..models.consent.selections import CONSENT_STATES, PURPOSES

SHOWN = 100  # lines that were left out and are shown one by one


class CareConsentImport(models.TransientModel):
    """Takes in consents that were given elsewhere, each with its evidence.

    The same list twice is taken in once. Lines that cannot be taken are reported, and
    stop no other.
    """

    _name = "care.consent.import"
    _description = "Import Consents"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    text = fields.Text(
        string="Or Paste the Lines",
        help="The first line names the columns: e-mail or phone, and channel, purpose, "
        "answer, date, evidence where they differ from line to line.",
    )
    channel = fields.Selection(
        selection=LIMITED, help="Where a line does not say its own."
    )
    purpose = fields.Selection(selection=PURPOSES, default="promotion")
    state = fields.Selection(
        selection=CONSENT_STATES, string="Answer", default="granted"
    )
    on = fields.Date(string="Date")
    evidence = fields.Text()
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    report = fields.Html(readonly=True, sanitize=False)

    def action_import(self):
        """Take the list in and report, as a care manager.

        :return: the action that shows the report
        :raises AccessError: the caller is no care manager of the company
        :raises UserError: the list cannot be read at all
        """
        self.ensure_one()
        user = self.env.user
        if not user.has_group("customer_care.group_manager"):
            raise AccessError(self.env._("Only care managers import consents."))
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("Switch to %(company)s first.", company=self.company_id.name)
            )
        lines, problems = self._read_lines()
        values, left_out = self._prepare_consents(lines)
        problems = [
            (number, self._word_problem(code, text)) for number, code, text in problems
        ]
        self.env["care.consent"].sudo().create(values)
        self.report = self._build_report(len(values), sorted(problems + left_out))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Consents"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------------- reading
    def _read_lines(self):
        text = self.text or ""
        if self.file:
            raw = base64.b64decode(self.file)
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise UserError(
                    self.env._(
                        "The file is no text. Save the sheet as “CSV UTF-8” and try "
                        "again, or paste the lines."
                    )
                ) from error
        try:
            return consent_file.read(text)
        except consent_file.NoHeaderError as error:
            raise UserError(
                self.env._(
                    "The first line names no column “e-mail” or “phone”: %(line)s\n"
                    "Put the names of the columns there, for example:\n"
                    "phone;channel;purpose;date;evidence",
                    line=error.args[0],
                )
            ) from error
        except consent_file.TooLongError as error:
            raise UserError(
                self.env._(
                    "The list is too long. Split it into parts of at most %(lines)s "
                    "lines.",
                    lines=f"{consent_file.MAX_LINES:,}",
                )
            ) from error

    def _word_problem(self, code, text):
        """Say what is wrong with a line."""
        words = {
            "too_long": self.env._("“%(text)s…” is too long", text=text),
            "no_address": self.env._("no e-mail address and no phone number"),
            "channel": self.env._("“%(text)s” is no channel", text=text),
            "purpose": self.env._("“%(text)s” is no purpose", text=text),
            "state": self.env._("“%(text)s” is neither yes nor no", text=text),
            "date": self.env._("“%(text)s” is no date", text=text),
            "future": self.env._("the date is still to come"),
            "nobody": self.env._("no contact has the address “%(text)s”", text=text),
            "no_channel": self.env._("no channel is given"),
            "no_purpose": self.env._("no purpose is given"),
            "no_state": self.env._("no answer is given"),
            "no_date": self.env._("no date is given"),
            "no_evidence": self.env._("no evidence is given"),
            "known": self.env._("is written down already"),
        }
        return words[code]

    # ------------------------------------------------------------------ matching
    def _prepare_consents(self, lines):
        """Return values of the consents to create, and the lines that were left out.

        Every contact with the address of a line is meant.

        :return: list of dicts, list of (number of the line, why)
        """
        keys = {line.number: self._get_key(line.values) for line in lines}
        people = self._find_people(set(keys.values()))
        known = self._find_known(people)
        values, left_out = [], []
        for line in lines:
            found = self._fill_line(line.values)
            partners = people.get(keys[line.number], ())
            fresh = [
                {**found, "partner_id": partner.id, "address": address}
                for partner in partners
                for address in [self._get_address(partner, found["channel"])]
                if (partner.id, *self._get_answer(found)) not in known
            ]
            code = self._find_gap(found) or (not partners and "nobody")
            code = code or (not fresh and "known")
            if code:
                address = line.values.get("email") or line.values.get("phone")
                left_out.append((line.number, self._word_problem(code, address)))
                continue
            known.update((row["partner_id"], *self._get_answer(found)) for row in fresh)
            values += fresh
        common = {
            "company_id": self.company_id.id,
            "source": "import",
            "user_id": self.env.uid,
        }
        return [{**row, **common} for row in values], left_out

    def _get_key(self, cells):
        """Return where the address of a line stands on a contact, in one spelling."""
        if cells.get("email"):
            return "email_normalized", email_normalize(cells["email"], strict=False)
        country = self.company_id.country_id or self.env.ref("base.vn")
        number = self.env["res.partner"]._phone_format(
            number=cells["phone"], country=country
        )
        return "phone_sanitized", number

    def _find_people(self, keys):
        """Return the contacts of each address, as the one who imports sees them."""
        people = defaultdict(list)
        for name in ("email_normalized", "phone_sanitized"):
            addresses = [address for key, address in keys if key == name and address]
            found = self.env["res.partner"].search_fetch(
                [
                    (name, "in", addresses),
                    ("company_id", "in", (False, self.company_id.id)),
                ],
                ["email_normalized", "phone_sanitized"],
            )
            for partner in found:
                people[name, partner[name]].append(partner)
        return people

    def _find_known(self, people):
        """Return which answers of these contacts are written down already."""
        refs = {partner.id for group in people.values() for partner in group}
        rows = self.env["care.consent"].search_fetch(
            [("partner_id", "in", list(refs)), ("company_id", "=", self.company_id.id)],
            ["partner_id", "channel", "purpose", "state", "on"],
        )
        return {(row.partner_id.id, *self._get_answer(row)) for row in rows}

    @api.model
    def _get_answer(self, row):
        """Return what makes an answer the same as another one of that contact."""
        return row["channel"], row["purpose"], row["state"], row["on"]

    @api.model
    def _get_address(self, partner, channel):
        kind = gate.ADDRESS_KINDS.get(channel)
        names = {"email": "email_normalized", "phone": "phone_sanitized"}
        return kind and partner[names[kind]]

    def _fill_line(self, cells):
        """Return what a line says, and the wizard where the line is silent."""
        day = cells.get("date") or (self.on and fields.Datetime.to_datetime(self.on))
        if day:
            zone = quiet_hours.zone_of(self.company_id.care_tz)
            day = zone.localize(day).astimezone(pytz.utc).replace(tzinfo=None)
        return {
            "channel": cells.get("channel") or self.channel,
            "purpose": cells.get("purpose") or self.purpose,
            "state": cells.get("state") or self.state,
            "on": day,
            "evidence": cells.get("evidence") or (self.evidence or "").strip(),
        }

    def _find_gap(self, found):
        """Return the code of what keeps a line out, or False."""
        gaps = {
            "channel": "no_channel",
            "purpose": "no_purpose",
            "state": "no_state",
            "on": "no_date",
            "evidence": "no_evidence",
        }
        gap = next((code for name, code in gaps.items() if not found[name]), False)
        if not gap and found["on"] > self.env.cr.now():
            return "future"
        return gap

    # ----------------------------------------------------------------- reporting
    def _build_report(self, count, left_out):
        """Return what became of the list, line by line where one was left out."""
        head = Markup("<p><strong>%s</strong></p>") % self.env._(
            "%(count)s answers were written down.", count=count
        )
        if not left_out:
            return head
        title = Markup("<p>%s</p>") % self.env._(
            "%(count)s lines were left out:", count=len(left_out)
        )
        rows = Markup("").join(
            Markup("<li>%s</li>")
            % self.env._("Line %(number)s: %(why)s", number=number, why=why)
            for number, why in left_out[:SHOWN]
        )
        rest = len(left_out) - SHOWN
        more = Markup("")
        if rest > 0:
            more = Markup("<p>%s</p>") % self.env._(
                "… and %(count)s more lines.", count=rest
            )
        return head + title + (Markup("<ul>%s</ul>") % rows) + more
