"""What a database consists of, so that two moments of it can be compared."""

import re

from tests.support import database

#: Everything that exists in the schema, one query for each kind: rows of text.
CATALOGUE = {
    "relation": """
        SELECT relkind::text || ' ' || relname FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
    """,
    "column": """
        SELECT c.relname || '.' || a.attname
               || ' ' || format_type(a.atttypid, a.atttypmod)
               || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
           AND a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraint": """
        SELECT conrelid::regclass::text || ' ' || conname FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace
    """,
    "function": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace
    """,
    "trigger": """
        SELECT tgrelid::regclass::text || ' ' || tgname FROM pg_trigger
         WHERE NOT tgisinternal
    """,
    "type": """
        SELECT typname::text FROM pg_type
         WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e', 'r')
    """,
    "extension": "SELECT extname::text FROM pg_extension",
}

#: Tables in which a running Odoo writes for itself, whatever is installed.
OWN_BUSINESS = {
    "bus_bus",
    "ir_cron_progress",
    "ir_cron_trigger",
    "ir_logging",
    "ir_profile",
    "orm_signaling_registry",
    "res_device_log",
    "res_users_log",
}

#: Odoo knows an addon by the folder it lies in, installed or not.
LIST_OF_ADDONS = re.compile(
    r"ir_module_(module|category|module_dependency|module_exclusion) "
    r"|ir_model_data \d+ base\.module_(category_services_)?customer_care"
)

#: How a row of Odoo's registers is called in a difference, beside its id.
CALLED = {
    "ir_attachment": "COALESCE(res_model, '') || ' ' || name",
    "ir_config_parameter": "key",
    "ir_cron": "cron_name",
    "ir_model": "model",
    "ir_model_data": "module || '.' || name",
    "ir_model_fields": "model || '.' || name",
    "mail_message": "COALESCE(model, '') || ' ' || COALESCE(res_id, 0)::text",
}


def take(name):
    """Everything there is in database ``name``, as a set of ``(kind, text)``.

    A row of a table with an id is told by table and id, another by its content.
    """
    found = {
        (kind, row[0])
        for kind, statement in CATALOGUE.items()
        for row in database.query(name, statement)
    }
    columns = {}
    for kind, text in found:
        if kind == "column":
            table, column = text.split(" ", 1)[0].split(".")
            columns.setdefault(table, set()).add(column)
    tables = {text[2:] for kind, text in found if kind == "relation" and text[0] == "r"}
    parts = [_rows(table, columns[table]) for table in sorted(tables - OWN_BUSINESS)]
    rows = {row[0] for row in database.query(name, " UNION ALL ".join(parts))}
    return found | {("row", text) for text in rows if not LIST_OF_ADDONS.match(text)}


def _rows(table, columns):
    """A query that tells the rows of ``table``."""
    called = CALLED.get(table)
    what = "t::text" if "id" not in columns else "t.id::text"
    if called:
        what += f" || ' ' || {called}"
    # The files that a web page is served from are made on demand.
    where = "WHERE COALESCE(url, '') NOT LIKE '/web/assets/%'"
    where = where if table == "ir_attachment" else ""
    return f"SELECT '{table} ' || {what} FROM public.\"{table}\" t {where}"


def differences(before, after):
    """What was left behind and what is missing, as sorted sentences."""
    return sorted(f"left behind: {kind} {text}" for kind, text in after - before) + [
        f"missing: {kind} {text}" for kind, text in sorted(before - after)
    ]
