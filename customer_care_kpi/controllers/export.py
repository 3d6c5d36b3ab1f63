from odoo.addons.customer_care.fields import Measure
from odoo.addons.web.controllers.export import ExcelExport


class MeasureExcelExport(ExcelExport):
    """Means of measured values in a grouped export leave the unknown ones out.

    Odoo divides the sum of a group by all its rows; of ten tickets of which one was
    answered after an hour it would report a first response of six minutes.
    """

    def from_group_data(self, fields, columns_headers, groups):
        names = [field["name"] for field in fields]
        measures = [name for name in names if _is_mean(groups._model._fields.get(name))]
        if measures:
            # fills the cache of every group below, which is then corrected
            _ = groups.aggregated_values
            _correct_means(groups, names, measures)
        return super().from_group_data(fields, columns_headers, groups)


def _is_mean(field):
    return isinstance(field, Measure) and field.aggregator == "avg"


def _correct_means(node, names, measures):
    """Correct the means of ``node`` and of the groups below it.

    :param list names: exported columns
    :param list measures: those of them that are means
    :return: the rows of the group
    """
    rows = list(node.data)
    for child in node.children.values():
        rows += _correct_means(child, names, measures)
    for name in measures:
        node.aggregated_values[name] = _exact_mean(node._model, names, name, rows)
    return rows


def _exact_mean(model, names, name, rows):
    """Return the mean of the known values, None where it cannot be told."""
    column = names.index(name)
    known = [row for row in rows if row[column] not in ("", None)]
    weight = getattr(model, "_weighted_measures", {}).get(name)
    if weight and weight not in names:
        return None
    count = sum(row[names.index(weight)] for row in known) if weight else len(known)
    return sum(row[column] for row in known) / count if count else None
