"""Benchmarks: ratios inside one run on one database, comparator beside it.

Run by ``setup/bench``. A report, never a test: it does not fail on a missed bar, it
prints it. Environment: see ``setup/README.md``.
"""

import argparse
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

import peers

HERE = Path(__file__).resolve().parent
DATABASE = "care_bench"
#: Executed inside an Odoo shell, which provides ``env``.
SHELL = """
import json, sys
sys.path.insert(0, {here!r})
import importlib
rows = []
for part in {parts!r}:
    module = importlib.import_module("rows_" + part)
    sizes = {sizes!r} if part == "ticket" else {customers!r}
    rows += module.run(env(user=2), getattr(module, "SIZES", sizes), {rounds!r})
with open({out!r}, "w") as handle:
    json.dump(rows, handle)
"""


def _environment(name):
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set. Start the benchmarks with setup/bench.")
    return value


def _pg(command, *args):
    subprocess.run(
        [
            command,
            "-h",
            _environment("CARE_PG_HOST"),
            "-U",
            _environment("CARE_PG_USER"),
            *args,
        ],
        check=True,
    )


def _odoo(*args, database=DATABASE, path=None, **kwargs):
    command = [
        *shlex.split(_environment("CARE_ODOO_BIN")),
        *args[:1],
        "-c",
        _environment("CARE_ODOO_CONF"),
        "-d",
        database,
        "--log-level=error",
        "--no-http",
        f"--addons-path={path or _addons_path()}",
        *args[1:],
    ]
    subprocess.run(command, check=True, **kwargs)


def _addons_path():
    """Return the addons path of the configuration with the benchmark's own added."""
    for line in Path(_environment("CARE_ODOO_CONF")).read_text().splitlines():
        key, _equal, value = line.partition("=")
        if key.strip() == "addons_path":
            return f"{value.strip()},{HERE / 'addons'}"
    sys.exit("The configuration names no addons_path.")


#: Each is a file beside this one; it measures in sizes of its own where it has SIZES.
PARTS = sorted(path.stem.removeprefix("rows_") for path in HERE.glob("rows_*.py"))


def measure(options, out):
    """Make a fresh database, run the rows of the parts asked for, return them."""
    _pg("dropdb", "--if-exists", "--force", DATABASE)
    _pg("createdb", "-T", _environment("CARE_TEMPLATE_DB"), DATABASE)
    try:
        _odoo("server", "-i", "care_bench", "--stop-after-init")
        script = SHELL.format(
            here=str(HERE),
            parts=options.parts,
            sizes=[options.size, 10 * options.size],
            customers=[options.customers, 10 * options.customers],
            rounds=options.rounds,
            out=str(out),
        )
        _odoo("shell", input=script, text=True)
        return json.loads(out.read_text())
    finally:
        _pg("dropdb", "--if-exists", "--force", DATABASE)


def _table(rows):
    """Return the rows as Markdown: medians, ratios, bars."""
    lines = [
        "| row | size | ours | comparator | ratio | bar | met |",
        "|---|---:|---:|---|---:|---:|---|",
    ]
    for row in rows:
        ours = statistics.median(row["rates"][row["subject"]])
        for name, bar in row["bars"].items():
            other = statistics.median(row["rates"][name])
            ratio = ours / other
            lines.append(
                f"| {row['name']} | {row['size']:,} | {ours:,.0f} {row['unit']}"
                f" | {name}: {other:,.0f} | {ratio:.2f} | ≥ {bar}"
                f" | {'yes' if ratio >= bar else 'NO'} |"
            )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", default=PARTS, help=f"of {', '.join(PARTS)}; default: all"
    )
    parser.add_argument(
        "--size", type=int, default=100, help="tickets N; 10 N is run too"
    )
    parser.add_argument(
        "--customers", type=int, default=10000, help="customers N; 10 N is run too"
    )
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds")
    parser.add_argument(
        "--with-peers",
        action="store_true",
        help="also beside the OCA help desk, fetched from PyPI; alone: nothing else",
    )
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    out = Path(_environment("CARE_PREFIX")) / "bench.json"
    only_peers = options.with_peers and options.parts == PARTS
    rows = [] if only_peers else measure(options, out)
    if options.with_peers:
        rows.append(peers.measure(sys.modules[__name__], options.rounds, out))
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        "rows": rows,
    }
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))
    print(
        f"{report['machine']}, {report['cores']} cores, Python {report['python']},"
        f" medians of {options.rounds} rounds after a warm-up\n"
    )
    print(_table(rows))


if __name__ == "__main__":
    main()
