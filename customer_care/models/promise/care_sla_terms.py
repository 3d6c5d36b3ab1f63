"""What was promised, written down once and never changed."""

import hashlib
import json

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...lib.promise_clock import Terms


class CareSlaTerms(models.Model):
    """The promises of a ticket between two events: per metric, the numbers in force.

    A row is found by its content, so that a million tickets share a few of them. Events
    name the row; a rebuild reads it, whatever became of the policy.
    """

    _name = "care.sla.terms"
    _description = "Terms of Promises"
    _log_access = False
    _rec_name = "fingerprint"

    fingerprint = fields.Char(required=True)
    content = fields.Json(required=True)

    _fingerprint_uniq = models.Constraint(
        "UNIQUE (fingerprint)", "These terms are written down already."
    )

    @api.model
    def _intern(self, contents):
        """Return the ids of these terms, written down where they are new.

        :param contents: list of dicts metric → :class:`Terms`; an empty one is 0
        :return: list of ids, in the same order
        """
        texts = [_as_text(content) for content in contents]
        marks = {text: hashlib.sha256(text.encode()).hexdigest() for text in texts}
        marks.pop("{}", None)
        ids = self._find_ids(set(marks.values()))
        missing = {mark: text for text, mark in marks.items() if mark not in ids}
        if missing:
            # met by another transaction: a serialization failure, which is retried
            self.env.cr.execute(
                SQL(
                    "INSERT INTO care_sla_terms (fingerprint, content) VALUES %s"
                    " ON CONFLICT DO NOTHING RETURNING fingerprint, id",
                    SQL(", ").join(sorted(missing.items())),
                ),
                log_exceptions=False,
            )
            ids.update(self.env.cr.fetchall())
        return [ids[marks[text]] if text in marks else 0 for text in texts]

    @api.model
    def _find_ids(self, fingerprints):
        if not fingerprints:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT fingerprint, id FROM care_sla_terms WHERE fingerprint IN %s",
                    tuple(fingerprints),
                )
            )
        )

    @api.model
    @tools.ormcache("terms_id")
    def _load(self, terms_id):
        """Return the dict metric → :class:`Terms` of a row, an empty one for 0.

        Rows never change and ids come from the database: safe to keep for all.
        """
        if not terms_id:
            return {}
        content = self.env.execute_query(
            SQL("SELECT content FROM care_sla_terms WHERE id = %s", terms_id)
        )[0][0]
        return {
            metric: Terms(
                seconds=line["seconds"],
                version=line["version"],
                pauses=tuple(line["pauses"]),
                warn=line["warn"],
                policy=line["policy"],
            )
            for metric, line in content.items()
        }


def _as_text(content):
    """Return terms in one writing, whatever the order in which they were found."""
    lines = {metric: terms._asdict() for metric, terms in content.items()}
    return json.dumps(lines, sort_keys=True, separators=(",", ":"))
