"""Means in a grouped export are the ones of the screen."""

import json
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

from odoo.addons.web.controllers.export import ExportXlsxWriter

from .common import HOUR, MINUTE, FactCommon


@tagged("post_install", "-at_install")
class TestExport(FactCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exporters = cls.env.ref("base.group_allow_export")
        cls.user_manager.group_ids = [(4, exporters.id)]
        cls.quick = cls._find_facts(cls._create_ticket())
        cls.slow = cls._find_facts(cls._create_ticket())
        cls.unanswered = cls._find_facts(cls._create_ticket())
        cls.alone = cls._find_facts(cls._create_ticket(team_id=cls.second_team.id))
        cls.quick.first_response_seconds = 30 * MINUTE
        cls.slow.first_response_seconds = 90 * MINUTE
        cls.quick.write({"next_response_seconds": HOUR, "next_response_count": 3})
        cls.slow.write({"next_response_seconds": HOUR, "next_response_count": 1})
        cls.domain = [("id", "in", (cls.quick | cls.slow | cls.unanswered).ids)]

    def _export(self, names, domain, groupby=("team_id",)):
        """Return the cells of a grouped export: (row, column) → value."""
        self.authenticate(self.user_manager.login, self.user_manager.login)
        cells = {}

        def write(writer, row, column, value, style=None):
            cells[row, column] = value

        labels = self.facts.fields_get(names)
        columns = [
            {
                "name": name,
                "label": labels[name]["string"],
                "type": labels[name]["type"],
            }
            for name in names
        ]
        with patch.object(ExportXlsxWriter, "write", write):
            response = self.url_open(
                "/web/export/xlsx",
                data={
                    "csrf_token": http.Request.csrf_token(self),
                    "data": json.dumps(
                        {
                            "model": "care.ticket.fact",
                            "fields": columns,
                            "ids": False,
                            "domain": domain,
                            "groupby": list(groupby),
                            "import_compat": False,
                        }
                    ),
                },
            )
        self.assertEqual(response.status_code, 200)
        return cells

    def test_mean_of_a_group_leaves_the_unknown_out(self):
        """30 and 90 min and one without answer: 60 min, as pivot and graph say."""
        cells = self._export(["created_day", "first_response_seconds"], self.domain)
        self.assertEqual(cells[1, 1], HOUR)
        [[shown]] = self.facts._read_group(
            self.domain, [], ["first_response_seconds:avg"]
        )
        self.assertEqual(cells[1, 1], shown)

    def test_unknown_mean_is_an_empty_cell(self):
        domain = [("id", "in", (self.quick | self.alone).ids)]
        names = ["created_day", "first_response_seconds"]
        cells = self._export(names, domain, ["company_id", "team_id"])
        means = [cells.get((row, 1)) for row in range(1, 6)]
        self.assertEqual(means, [1800.0, 1800.0, 1800.0, None, ""])

    def test_mean_of_several_waits(self):
        """Three waits of an hour together and one of an hour: half an hour each."""
        names = ["created_day", "next_response_seconds", "next_response_count"]
        cells = self._export(names, self.domain)
        self.assertEqual((cells[1, 1], cells[1, 2]), (30 * MINUTE, 4))

    def test_mean_of_several_waits_without_their_number(self):
        """What cannot be told exactly is left empty."""
        names = ["created_day", "next_response_seconds"]
        self.assertIsNone(self._export(names, self.domain)[1, 1])
