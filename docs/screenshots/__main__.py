"""``setup/screenshots``: the pictures of the documentation, from a fresh demo company.

    setup/screenshots                 all pictures, into docs/images
    setup/screenshots --only portal   those whose name matches
    setup/screenshots --url http://127.0.0.1:8069 --database care_demo

The last form takes them from an Odoo that runs already, and writes one request into it.
"""

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg2
from psycopg2 import sql
from take import take_all

DATABASE = "care_screenshots"
ADDONS = ("customer_care", "customer_care_kpi", "customer_care_loyalty")
IMAGES = Path(__file__).resolve().parent.parent / "images"
PATIENCE = 180  # seconds until the server must answer


def main():
    """Take the pictures; the exit code says whether a page had an error."""
    options = _parser().parse_args()
    if options.url:
        problems = take_all(options.url, options.database, IMAGES, options.only)
    else:
        with _demo() as url:
            problems = take_all(url, DATABASE, IMAGES, options.only)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="setup/screenshots", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--only", default="", help="a regular expression on the names")
    parser.add_argument("--url", help="an Odoo that runs, instead of a fresh one")
    parser.add_argument(
        "--database", default="care_demo", help="its database (default: care_demo)"
    )
    return parser


@contextlib.contextmanager
def _demo():
    """Serve a demo company that was made a minute ago; it is gone afterwards."""
    _copy_template()
    try:
        _odoo("-i", ",".join(ADDONS), "--with-demo", "--no-http", "--stop-after-init")
        port = _free_port()
        server = subprocess.Popen(
            _command(
                f"--http-port={port}", f"--db-filter=^{DATABASE}$", "--log-level=warn"
            ),
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, server)
            yield url
        finally:
            server.terminate()
            server.wait()
    finally:
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", DATABASE)
        shutil.rmtree(_files(DATABASE), ignore_errors=True)


def _copy_template():
    template = os.environ["CARE_DEMO_TEMPLATE_DB"]
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", DATABASE)
    _execute("CREATE DATABASE {} TEMPLATE {}", DATABASE, template)
    shutil.rmtree(_files(DATABASE), ignore_errors=True)
    if _files(template).is_dir():
        shutil.copytree(_files(template), _files(DATABASE), copy_function=os.link)


def _execute(statement, *names):
    connection = psycopg2.connect(
        dbname="postgres",
        host=os.environ["CARE_PG_HOST"],
        user=os.environ["CARE_PG_USER"],
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()


def _files(database):
    lines = Path(os.environ["CARE_ODOO_CONF"]).read_text("utf-8").splitlines()
    folder = next(line for line in lines if line.startswith("data_dir"))
    return Path(folder.partition("=")[2].strip()) / "filestore" / database


def _command(*options):
    return [
        *os.environ["CARE_ODOO_BIN"].split(),
        "-c",
        os.environ["CARE_ODOO_CONF"],
        "-d",
        DATABASE,
        *options,
    ]


def _odoo(*options):
    subprocess.run(_command(*options, "--log-level=warn"), check=True)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url, server):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{url}/web/login", timeout=30):
                return
        time.sleep(0.5)
    raise SystemExit("Odoo does not answer; its log is above.")


if __name__ == "__main__":
    sys.exit(main())
