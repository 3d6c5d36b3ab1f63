"""Contacts that are one person, and the way to merge them."""

from odoo.tools import SQL

from ..segment.test_care_segment import SegmentCommon


class MergeCommon(SegmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept, cls.gone, cls.third = cls.env["res.partner"].create(
            [
                {"name": "Vũ Thị Lan", "phone": "0905 111 222"},
                {"name": "Vu Thi Lan", "phone": "+84 905 111 222"},
                {"name": "Chị Lan", "phone": "84905111222"},
            ]
        )
        cls.merger = cls.env["base.partner.merge.automatic.wizard"].sudo()

    def _merge(self, *sources, destination=None):
        """Merge ``sources`` (``gone`` unless told) into ``destination`` (``kept``)."""
        destination = destination or self.kept
        everybody = self.env["res.partner"].union(*(sources or [self.gone]))
        self.merger._merge((everybody | destination).ids, destination)
        self.env.invalidate_all()
        return destination

    def _columns(self, table, *names, **where):
        """Read columns from the table itself, in the order of ids.

        :param where: column → wanted value
        """
        condition = SQL(" AND ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in where.items()
        )
        return self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE %s ORDER BY id",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(table),
                condition,
            )
        )

    def _total(self, table, column="1", **where):
        """Sum a column of the contacts that are one person, before or after."""
        everybody = (self.kept | self.gone | self.third).ids
        rows = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(%s), 0), COUNT(*) FROM %s"
                " WHERE partner_id = ANY(%s)",
                SQL("1") if column == "1" else SQL.identifier(column),
                SQL.identifier(table),
                everybody,
            )
        )
        return rows[0]
