"""Databases of the tests: copied from the template, dropped when done."""

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from . import repo
from .settings import settings

#: All databases made here start with this; another value keeps two runs apart.
PREFIX = os.environ.get("CARE_TESTS_DB", "care_tests")


def connect(name="postgres"):
    """A connection to ``name`` over the private socket, in autocommit mode."""
    connection = psycopg2.connect(
        dbname=name,
        host=settings().pg_host,
        user=settings().pg_user,
        port=settings().options.get("db_port") or None,
    )
    connection.autocommit = True
    return connection


def _run(statement, *names, database="postgres"):
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()


def names():
    """Every database of the cluster."""
    return {row[0] for row in query("postgres", "SELECT datname FROM pg_database")}


def query(database, statement, parameters=None):
    """Rows of one statement in ``database``."""
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()
    finally:
        connection.close()


def execute(database, statement, parameters=None):
    """Run one statement that gives no rows in ``database``."""
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    finally:
        connection.close()


def _filestore(name):
    return Path(settings().options["data_dir"]) / "filestore" / name


def copy(source, name, patience=60):
    """Make ``name`` a copy of ``source``, files included.

    PostgreSQL refuses while somebody is connected to the source: tries again for
    ``patience`` seconds, then lets the error through.
    """
    drop(name)
    until = time.monotonic() + patience
    while True:
        try:
            _run("CREATE DATABASE {} TEMPLATE {}", name, source)
            break
        except psycopg2.errors.ObjectInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
    if _filestore(source).is_dir():
        shutil.copytree(_filestore(source), _filestore(name), copy_function=os.link)
    return name


def drop(name):
    """Remove a database of the tests and its files; a missing one is no error."""
    if not name.startswith(PREFIX):
        raise ValueError(f"{name} was not made by these tests")
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


@contextlib.contextmanager
def temporary(label, source=None):
    """A copy of ``source`` (the template unless told) that is gone afterwards."""
    name = f"{PREFIX}_{label}_{os.getpid()}"
    copy(source or settings().template_db, name)
    try:
        yield name
    finally:
        drop(name)


def content_key():
    """Eight hexadecimal digits that change with any file an installation reads."""
    digest = hashlib.sha256(settings().template_db.encode())
    for addon in repo.ADDONS:
        for path in repo.addon_files(addon):
            if path.parts[1] not in ("tests", "readme", "i18n"):
                digest.update(f"{path}\0".encode())
                digest.update((repo.ROOT / path).read_bytes())
    return digest.hexdigest()[:8]


def suite_name():
    """The database with the three addons, for the sources as they are now."""
    return f"{PREFIX}_{content_key()}"
