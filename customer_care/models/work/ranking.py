"""Best few rows of each group in one query."""

from odoo.tools import SQL


def top_records(model, domain, group, order, limit):
    """Return the first ``limit`` records of each ``group``, under the reader's rights.

    :param model: empty recordset whose environment decides what may be seen
    :param list domain: which records are looked at
    :param str group: column that forms the groups; no value is a group as well
    :param SQL order: columns that rank the records of a group; ties go by id
    :param int limit: how many of each group
    :return: recordset, by rank within the groups
    """
    model.flush_model()  # ``order`` is bare SQL, which says nothing of its fields
    query = model._search(domain)
    ranked = SQL(
        "SELECT id, row_number() OVER (PARTITION BY %(group)s"
        " ORDER BY %(order)s, id) AS rank FROM %(table)s WHERE id IN %(ids)s",
        group=SQL.identifier(group),
        order=order,
        table=SQL.identifier(model._table),
        ids=query.subselect(),
    )
    rows = model.env.execute_query(
        SQL(
            "SELECT id FROM (%s) AS ranked WHERE rank <= %s ORDER BY rank, id",
            ranked,
            limit,
        )
    )
    return model.browse([row[0] for row in rows])
