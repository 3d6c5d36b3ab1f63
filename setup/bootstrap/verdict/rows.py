"""How many rows each table of a database has: what tests leave behind shows there."""

#: One statement that counts every table, exactly. Left out: bundles of assets, which
#: Odoo makes before the first test, what it tells browsers about them (bus_bus), and the
#: counters by which its processes signal.
COUNT = r"""
SELECT table_name, (xpath('/row/n/text()', query_to_xml(format(
           'SELECT count(*) AS n FROM %I %s', table_name,
           CASE table_name WHEN 'ir_attachment'
               THEN $$WHERE COALESCE(url, '') NOT LIKE '/web/assets/%'$$ END
       ), false, true, '')))[1]::text
  FROM information_schema.tables
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
   AND table_name <> 'bus_bus' AND table_name NOT LIKE 'orm\_signaling\_%'
"""


def count(cluster, database):
    """Return table → number of rows."""
    return {table: int(number) for table, number in cluster.ask(COUNT, database)}


def differences(before, after):
    """Return a sentence for each table whose number of rows is not what it was."""
    return [
        f"{table} has {after.get(table, 0)} rows; before the tests it had "
        f"{before.get(table, 0)}"
        for table in sorted(before.keys() | after.keys())
        if before.get(table, 0) != after.get(table, 0)
    ]
