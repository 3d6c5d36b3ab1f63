"""A measured value that may be unknown, wherever Odoo reads, compares or prints it."""

from odoo.tests import Form, tagged

from odoo.addons.customer_care.fields import Measure

from .common import HOUR, FactCommon


@tagged("post_install", "-at_install")
class TestMeasure(FactCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tickets = cls.env["care.ticket"].create(
            [{"name": name, "team_id": cls.team.id} for name in ("a", "b", "c", "d")]
        )
        cls.all = cls._find_facts(tickets).sudo()
        cls.unknown, cls.zero, cls.one, cls.two = cls.all
        cls.zero.resolution_seconds = 0
        cls.one.resolution_seconds = HOUR
        cls.two.resolution_seconds = 2 * HOUR
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _find(self, *leaf):
        """Return what the database finds, after comparing with what memory finds."""
        found = self.facts.search([("id", "in", self.all.ids), leaf])
        self.assertEqual(self.all.filtered_domain([leaf]), found, leaf)
        return found

    def test_unknown_is_null_and_zero_is_zero(self):
        self.env.cr.execute(
            "SELECT resolution_seconds FROM care_ticket_fact WHERE id = ANY(%s)"
            " ORDER BY id",
            [self.all.ids],
        )
        stored = [row[0] for row in self.env.cr.fetchall()]
        self.assertEqual(stored, [None, 0, HOUR, 2 * HOUR])
        self.assertIsNone(self.unknown.resolution_seconds)
        self.assertEqual(self.zero.resolution_seconds, 0)

    def test_every_way_to_say_unknown(self):
        for value in (None, False, ""):
            self.two.resolution_seconds = HOUR
            self.two.resolution_seconds = value
            self.assertIsNone(self.two.resolution_seconds)
            self.env.invalidate_all()
            self.assertIsNone(self.two.resolution_seconds)

    def test_comparisons_never_find_the_unknown(self):
        self.assertEqual(self._find("resolution_seconds", "<", HOUR), self.zero)
        self.assertEqual(
            self._find("resolution_seconds", "<=", HOUR), self.zero | self.one
        )
        self.assertEqual(
            self._find("resolution_seconds", ">=", 0), self.all - self.unknown
        )
        self.assertEqual(self._find("resolution_seconds", ">", 0), self.one | self.two)
        self.assertEqual(self._find("resolution_seconds", ">", -1), self.all[1:])

    def test_unknown_and_zero_are_found_apart(self):
        self.assertEqual(self._find("resolution_seconds", "=", False), self.unknown)
        self.assertEqual(self._find("resolution_seconds", "!=", False), self.all[1:])
        self.assertEqual(self._find("resolution_seconds", "=", 0), self.zero)
        self.assertEqual(
            self._find("resolution_seconds", "in", [0, HOUR]), self.zero | self.one
        )
        self.assertEqual(
            self._find("resolution_seconds", "in", [False, HOUR]),
            self.unknown | self.one,
        )

    def test_negations_find_the_rest(self):
        self.assertEqual(
            self._find("resolution_seconds", "!=", HOUR), self.all - self.one
        )
        self.assertEqual(
            self._find("resolution_seconds", "not in", [0, HOUR]),
            self.unknown | self.two,
        )

    def test_order(self):
        """The database puts the unknown last, and memory does the same."""
        order = [("id", "in", self.all.ids)]
        self.assertEqual(
            self.facts.search(order, order="resolution_seconds"),
            self.zero | self.one | self.two | self.unknown,
        )
        ordered = self.all.sorted("resolution_seconds")
        self.assertEqual(ordered, self.zero | self.one | self.two | self.unknown)

    def test_read(self):
        """The web client gets False, which it shows as an empty cell."""
        values = self.all.read(["resolution_seconds"])
        found = [row["resolution_seconds"] for row in values]
        self.assertEqual(found, [False, 0, HOUR, 2 * HOUR])
        self.assertIs(found[0], False)
        self.assertIsNot(found[1], False)
        [row] = self.unknown.web_read({"resolution_seconds": {}})
        self.assertIs(row["resolution_seconds"], False)

    def test_means_leave_the_unknown_out(self):
        domain = [("id", "in", self.all.ids)]
        aggregates = ["resolution_seconds:avg", "resolution_seconds:sum", "__count"]
        [row] = self.facts._read_group(domain, [], aggregates)
        self.assertEqual(row, (HOUR, 3 * HOUR, 4))
        [row] = self.facts._read_group([("id", "=", self.unknown.id)], [], aggregates)
        self.assertEqual(row, (False, False, 1))

    def test_mirror_of_a_measure(self):
        """A related measure keeps the unknown, in memory and in sums."""
        self.one.reply_count = None
        self.two.reply_count = 3
        self.assertIsNone(self.one.reply_total)
        domain = [("id", "in", (self.one | self.two).ids)]
        [row] = self.facts._read_group(domain, [], ["reply_total:sum"])
        self.assertEqual(row, (3,))

    def test_export(self):
        rows = self.all.export_data(["resolution_seconds"])["datas"]
        self.assertEqual(rows, [[""], [0], [HOUR], [2 * HOUR]])

    def test_import(self):
        """An empty cell of an import is unknown, a zero is zero."""
        for text, expected in (("", None), ("0", 0), ("90", 90)):
            ids = self.facts.sudo().load(
                [".id", "resolution_seconds"], [[str(self.two.id), text]]
            )
            self.assertFalse(ids["messages"])
            self.assertEqual(self.two.resolution_seconds, expected)

    def test_copy_and_form_keep_it(self):
        [values] = self.one.copy_data()
        self.assertEqual(values["resolution_seconds"], HOUR)
        [values] = self.unknown.copy_data()
        self.assertFalse(values["resolution_seconds"])
        form = Form(self.facts.sudo().browse(self.unknown.id))
        self.assertFalse(form.resolution_seconds)
        form.save()
        self.assertIsNone(self.unknown.resolution_seconds)

    def test_unchanged_write_is_no_query(self):
        """Writing the unknown over the unknown changes nothing; 0 over it does."""
        self.unknown.resolution_seconds = None
        with self.assertQueryCount(0):
            self.env.flush_all()
        self.unknown.resolution_seconds = 0
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.unknown.resolution_seconds, 0)

    def test_every_figure_is_a_measure(self):
        """No duration, count or flag of a fact is a plain number that reads NULL as 0."""
        for name, field in self.facts._fields.items():
            if field.type in ("float", "integer") and name != "id":
                self.assertIsInstance(field, Measure, name)
