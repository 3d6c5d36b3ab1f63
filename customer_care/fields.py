"""Field types of the suite, for use by its addons."""

from odoo import fields


class Measure(fields.Float):
    """A measured value that may be unknown: NULL is not 0.

    Odoo's own Float stores False as 0, reads NULL as 0 and lets ``<`` match NULL. Here
    ``None`` (and ``False``) is kept as NULL in the column and as ``None`` in the cache;
    the web client gets ``False``, shown as an empty cell; comparisons never match NULL.

    Sums of seconds are declared ``Measure(digits=(16, 0))``: an int4 would overflow.
    """

    falsy_value = None

    @staticmethod
    def _is_unknown(value):
        return value is None or value is False or value == ""

    def convert_to_column(self, value, record, values=None, validate=True):
        if self._is_unknown(value):
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if self._is_unknown(value):
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return value

    def convert_to_read(self, value, record, use_display_name=True):
        return False if value is None else value

    def convert_to_write(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None else value

    def filter_function(self, records, field_expr, operator, value):
        """Tell the unknown from zero in memory as in the database."""
        if operator != "in":
            return super().filter_function(records, field_expr, operator, value)
        getter = self.expression_getter(field_expr)
        accepts_unknown = any(map(self._is_unknown, value))
        known = {item for item in value if not self._is_unknown(item)}

        def is_in(record):
            found = getter(record)
            return accepts_unknown if found is None else found in known

        return is_in


class LooseMany2one(fields.Many2one):
    """A Many2one whose column has no foreign key.

    For rows that the system alone writes, by the hundred thousand: the database would
    look the target up once per row, which costs as much as writing the row. Whoever
    writes such rows has made sure of the target once for all of them, and whoever
    deletes a target deletes its rows; ``ondelete`` says so to the reader and does
    nothing by itself.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the column without a foreign key."""
