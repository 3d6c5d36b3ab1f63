"""The page of a customer: everything an agent asks first, in one answer."""

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

#: Suggestions of the page.
SUGGESTIONS = 6
#: Answers that are read to find those in force.
CONSENTS = 100


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_panorama = fields.Json(
        string="Customer 360°",
        compute="_compute_care_panorama",
        groups="customer_care.group_agent_own",
        exportable=False,
    )

    @api.depends_context("allowed_company_ids", "lang", "tz", "uid")
    def _compute_care_panorama(self):
        """Gather the page of a contact; one contact is shown at a time.

        Figures are the same for every agent; what is named, the reader may open.
        """
        for partner in self:
            known = partner._origin
            partner.care_panorama = (known and known._prepare_care_panorama()) or False

    def _prepare_care_panorama(self):
        """Return what the page shows above and beside the timeline, and its first page.

        25 queries at most, whatever the history.
        """
        self.ensure_one()
        facts = self._get_care_facts()[self.id]
        people = self._get_care_timeline_people({})
        return {
            "id": self.id,
            "sentence": self._build_care_sentence(facts),
            "warnings": self._get_care_warnings(),
            "reach": self._prepare_care_reach(),
            "journey": self._get_care_journey(),
            "suggestions": self._get_care_suggestions({self.id: facts})[self.id][
                :SUGGESTIONS
            ],
            "figures": self._get_care_figures(),
            "consents": self._get_care_standing_consents(),
            "segments": [
                {"id": segment.id, "name": segment.display_name}
                for segment in self.care_segment_ids
            ],
            "has_colleagues": len(people) > 1,
            "kinds": self._get_care_timeline_kinds(),
            "timeline": self._care_timeline(people=people),
        }

    def _get_care_warnings(self):
        """Return what one should know before anything else: list of dicts.

        A hook. Each: ``key``, ``text``, and, when the reader can do something about it,
        the ``method`` of a contact that returns an action, with its ``label``.
        """
        self.ensure_one()
        found = self._get_care_duplicate_warning()
        if not self.active:
            found.append(
                {
                    "key": "archived",
                    "text": self.env._(
                        "This contact is archived: it is in no segment, and nothing is"
                        " sent to it."
                    ),
                }
            )
        company = self.sudo().company_id
        if company and company not in self.env.companies:
            found.append(
                {
                    "key": "company",
                    "text": self.env._(
                        "This is a customer of %(company)s. Choose that company at the"
                        " top right to see what is known of it.",
                        company=company.name,
                    ),
                }
            )
        return found

    def _get_care_duplicate_warning(self):
        """Say who else may be this person; team leads compare and merge."""
        text = self.care_duplicate_text
        if not text:
            return []
        warning = {"key": "duplicates", "text": text}
        if self.env.user.has_group("customer_care.group_lead"):
            warning |= {
                "method": "action_care_open_merge",
                "label": self.env._("Compare and merge"),
            }
        return [warning]

    def _get_care_figures(self):
        """Return the key figures of this customer: list of dicts.

        A hook. Each: ``key``, ``label``, ``value`` (as the reader writes it) and
        ``help``.
        """
        self.ensure_one()
        profile = self.care_profile_id
        if not profile:
            return []
        names = ["purchase_count", "revenue_365", "revenue", "average_purchase"]
        if not profile.purchase_count:
            names = []
        names += [
            name
            for name in ("gap_days", "expected_on", "rfm_group", "last_contact_on")
            if profile[name]
        ]
        names.append("ticket_count")
        labels = profile.fields_get(names, ["string", "help", "selection"])
        return [
            {
                "key": name,
                "label": labels[name]["string"],
                "help": labels[name].get("help") or "",
                "value": self._say_care_figure(profile, name, labels[name]),
            }
            for name in names
        ]

    @api.model
    def _say_care_figure(self, profile, name, label):
        value = profile[name]
        kind = profile._fields[name].type
        if kind == "monetary":
            return formatLang(self.env, value, currency_obj=profile.currency_id)
        if kind == "date":
            return format_date(self.env, value)
        if kind == "datetime":
            return format_date(
                self.env, fields.Datetime.context_timestamp(self, value).date()
            )
        if kind == "selection":
            return dict(label["selection"])[value]
        return formatLang(self.env, value, digits=0)

    def _get_care_standing_consents(self):
        """Return the answers of this person that are in force, the latest first."""
        self.ensure_one()
        rows = self.env["care.consent"].search_fetch(
            [
                ("partner_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
            ],
            ["channel", "purpose", "state", "on"],
            limit=CONSENTS,
        )
        latest = {}
        for row in rows:
            latest.setdefault((row.channel, row.purpose), row)
        return [
            {
                "key": row.id,
                "channel": self._say_care_choice(
                    "care.consent", "channel", row.channel
                ),
                "purpose": self._say_care_choice(
                    "care.consent", "purpose", row.purpose
                ),
                "state": self._say_care_choice("care.consent", "state", row.state),
                "is_granted": row.state == "granted",
                "on": fields.Datetime.to_string(row.on),
            }
            for row in latest.values()
        ]

    # ------------------------------------------------------------------ actions

    def action_view_care_panorama(self):
        """Open the page of this customer in Customer Care.

        :raises AccessError: the caller is no agent, or may not see the contact
        """
        self.ensure_one()
        self._check_care_reader()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_customer_action"
        )
        return action | {
            "res_id": self.id,
            "views": [
                (self.env.ref("customer_care.care_customer_view_form").id, "form")
            ],
        }

    def action_view_care_contact(self):
        """Open this contact in the form of the Contacts app, with all of its details."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("base.view_partner_form").id, "form")],
        }
