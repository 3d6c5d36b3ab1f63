"""Where Odoo, its interpreter and its database server are: the variables of setup/test."""

import configparser
import functools
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from .repo import ROOT


class NotSetUp(Exception):
    """A variable that setup/test provides is missing."""


@dataclass(frozen=True)
class Settings:
    """One Odoo installation.

    ``odoo_bin`` is a command line (an executable, or an interpreter and a script),
    ``conf`` an Odoo configuration file with ``addons_path``, ``data_dir`` and the
    database socket, ``template_db`` a database that holds the dependencies of the addons
    and none of the addons.
    """

    odoo_bin: tuple
    conf: Path
    pg_host: str
    pg_user: str
    template_db: str
    python: str

    @functools.cached_property
    def options(self):
        """The ``[options]`` section of the configuration file."""
        parser = configparser.RawConfigParser()
        parser.read(self.conf)
        return dict(parser["options"])

    @functools.cached_property
    def addons_paths(self):
        """Folders of Odoo's own addons (without this repository)."""
        paths = [
            Path(item.strip())
            for item in self.options["addons_path"].split(",")
            if item.strip()
        ]
        own = [path for path in paths if path.resolve() != ROOT]
        base = [path.parent / "odoo" / "addons" for path in own]
        return own + [path for path in base if path.is_dir() and path not in own]

    def find_addon(self, name):
        """Folder of the addon ``name``, of Odoo's or of this repository."""
        for folder in [ROOT, *self.addons_paths]:
            if (folder / name / "__manifest__.py").is_file():
                return folder / name
        raise LookupError(f"addon {name} is in none of {self.addons_paths}")


@functools.cache
def settings():
    """The installation that setup/test describes; raises NotSetUp with the way out."""
    wanted = {
        "odoo_bin": "CARE_ODOO_BIN",
        "conf": "CARE_ODOO_CONF",
        "pg_host": "CARE_PG_HOST",
        "pg_user": "CARE_PG_USER",
        "template_db": "CARE_TEMPLATE_DB",
        "python": "CARE_PYTHON",
    }
    missing = [name for name in wanted.values() if not os.environ.get(name)]
    if missing:
        raise NotSetUp(
            f"{', '.join(missing)} not set: run these tests with `setup/test`, "
            "or in a shell prepared by it"
        )
    values = {field: os.environ[name] for field, name in wanted.items()}
    return Settings(
        **{
            **values,
            "odoo_bin": tuple(shlex.split(values["odoo_bin"])),
            "conf": Path(values["conf"]),
        }
    )
