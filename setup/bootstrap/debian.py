"""Debian packages unpacked into the prefix: no root, nothing installed.

The mirror is always the one that this machine already uses. apt gets lists, cache
and options of its own, so that the machine's are neither used up nor changed.
"""

import hashlib
import json
import os
import re
import shlex
import time
from pathlib import Path

from . import process
from .errors import SetupError
from .prefix import write_whole

FRESH_FOR = 7 * 24 * 3600  # seconds for which a complete set is not looked up again
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OPTIONS = """
Dir::State::Lists "{lists}";
Dir::Cache "{cache}";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
"""


class Debian:
    """Looks up, fetches and unpacks packages for one prefix."""

    def __init__(self, prefix, os_release=Path("/etc/os-release")):
        self.prefix = prefix
        self.debs = prefix.downloads / "debs"
        self.os_release = os_release

    def missing_tools(self):
        """Return why packages cannot be used here, or an empty string."""
        absent = [
            tool
            for tool in ("apt-get", "apt-cache", "dpkg-deb", "dpkg-query")
            if not process.which(tool)
        ]
        return f"{', '.join(absent)} not found on this machine" if absent else ""

    def release(self):
        """Return ``(distribution, codename)`` as the machine names itself."""
        try:
            text = self.os_release.read_text("utf-8")
        except OSError:
            return "", ""
        facts = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))
        return facts.get("ID", ""), facts.get("VERSION_CODENAME", "")

    def mirror(self):
        """Return the address of the Debian mirror this machine uses, or None."""
        distribution, codename = self.release()
        if distribution != "debian":
            return None
        code, text = process.output_of(
            ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"]
        )
        pairs = [line.split() for line in text.splitlines() if len(line.split()) == 2]
        if code:
            return None
        for wanted in (codename, "stable", "testing", "sid", "unstable"):
            for address, release in pairs:
                if release == wanted:
                    return address
        return None

    def collect(self, name, log, *, wanted, suite=None, closed_over=False):
        """Return the files of a set of packages, fetched and verified.

        A set that is complete on disk is taken as it is for a week, and whenever the
        mirror does not answer.

        :param name: of the set; its list of files is kept under it
        :param wanted: package names
        :param suite: suite of the machine's Debian mirror to take them from; the
            machine's own sources when None
        :param closed_over: also take what they depend on and the machine lacks
        :return: list of dicts with ``package``, ``version`` and ``path``
        :raises SetupError: the packages cannot be looked up or fetched
        """
        kept = self._kept(name)
        if kept and kept["age"] < FRESH_FOR:
            return kept["files"]
        try:
            return self._fetched(name, log, wanted, suite, closed_over)
        except SetupError:
            if kept:
                return kept["files"]
            raise

    def unpack(self, files, target, log):
        """Unpack package files into ``target``."""
        for entry in files:
            process.run(
                ["dpkg-deb", "-x", entry["path"], target],
                log=log,
                what=f"The package {entry['package']} cannot be unpacked.",
                way_out=f"Remove {entry['path']} and run the command again.",
            )

    def _kept(self, name):
        """Return the set on disk if each of its files is whole, else None."""
        record = self.debs / f"{name}.json"
        try:
            facts = json.loads(record.read_text("utf-8"))
            age = time.time() - record.stat().st_mtime
        except (OSError, ValueError):
            return None
        files = []
        for entry in facts:
            path = self.debs / entry["file"]
            if not path.is_file() or sha256_of(path) != entry["sha256"]:
                return None
            files.append({**entry, "path": str(path)})
        return {"files": files, "age": age}

    def _fetched(self, name, log, wanted, suite, closed_over):
        options = self._configure(suite)
        apt = ["apt-get", "-q", "-c", options]
        process.run(
            [*apt, "update"],
            log=log,
            what="The list of Debian packages cannot be fetched.",
            way_out="Check /etc/apt/sources.list and /etc/apt/sources.list.d.",
        )
        names = self._closure(options, wanted, log) if closed_over else list(wanted)
        code, text = process.output_of([*apt, "--print-uris", "download", *names])
        # Some archives give no hash here; apt itself checks what it fetches.
        found = re.findall(r"^'\S+' (\S+) \d+ ?(\w*):?(\S*)$", text, re.MULTILINE)
        if code or len(found) < len(names):
            raise SetupError(
                f"The Debian packages {', '.join(wanted)} are not available.",
                text.strip()[-400:] or "The mirror has no such package.",
            )
        self.debs.mkdir(parents=True, exist_ok=True)
        absent = [
            file
            for file, kind, digest in found
            if not (self.debs / file).is_file()
            or not digest
            or _digest(self.debs / file, kind) != digest
        ]
        if absent:
            self._download(apt, names, absent, log, options)
        return self._record(name, [file for file, _kind, _digest in found])

    def _download(self, apt, names, absent, log, options):
        """Fetch the files named ``absent``; apt verifies them by the signed index."""
        stems = {file.split("_", 1)[0] for file in absent}
        for file in absent:
            (self.debs / file).unlink(missing_ok=True)
        process.run(
            [*apt, "download", *[n for n in names if n.split(":")[0] in stems]],
            log=log,
            cwd=self.debs,
            what="Debian packages cannot be fetched.",
            way_out="Run the command again: what is complete is kept.",
        )

    def _record(self, name, files):
        """Write down the set and return it."""
        entries = []
        for file in files:
            path = self.debs / file
            code, text = process.output_of(
                ["dpkg-deb", "-W", "--showformat=${Package} ${Version}", path]
            )
            if code:
                raise SetupError(
                    f"The package file {file} is damaged.",
                    text.strip(),
                    f"Remove {path} and run the command again.",
                )
            package, version = text.split()
            entries.append(
                {
                    "package": package,
                    "version": version,
                    "file": file,
                    "sha256": sha256_of(path),
                }
            )
        write_whole(self.debs / f"{name}.json", json.dumps(entries, indent=1))
        return [{**entry, "path": str(self.debs / entry["file"])} for entry in entries]

    def _closure(self, options, wanted, log):
        """Return the wanted packages and what they need and this machine lacks.

        apt works out the whole set as for an empty machine; what is installed is
        then left out, the wanted ones and their parts (chromium, chromium-common)
        excepted: they may be installed and yet of no use, outside PATH for instance.
        """
        empty = self.debs.parent / "apt" / "empty-status"
        empty.write_bytes(b"")
        command = ["apt-get", "-c", options, "-o", f"Dir::State::status={empty}"]
        command += ["-y", "--no-install-recommends", "--print-uris", "install"]
        code, text = process.output_of([*command, *wanted])
        with open(log, "a", encoding="utf-8") as output:
            output.write(f"$ {shlex.join(map(str, command))}\n{text}\n")
        files = re.findall(r"^'\S+' ([^_\s]+)_\S+ \d+", text, re.MULTILINE)
        if code or not files:
            raise SetupError(
                f"The Debian packages {', '.join(wanted)} are not available.",
                text.strip()[-400:],
            )
        present = self._installed()
        return [
            name
            for name in files
            if name not in present or name.startswith(tuple(wanted))
        ]

    def _installed(self):
        code, text = process.output_of(
            ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"]
        )
        if code:
            return set()
        return {
            line.split()[1]
            for line in text.splitlines()
            if line.startswith("installed ")
        }

    def _configure(self, suite):
        """Write apt's private options for a suite and return their file.

        :raises SetupError: this machine has no Debian mirror
        """
        home = self.debs.parent / "apt" / (suite or "own")
        for place in ("lists/partial", "cache/archives/partial"):
            (home / place).mkdir(parents=True, exist_ok=True)
        text = OPTIONS.format(lists=home / "lists", cache=home / "cache")
        if os.geteuid() == 0:
            # apt would become the user _apt, who may not enter every prefix.
            text += 'APT::Sandbox::User "root";\n'
        if suite:
            mirror = self.mirror()
            if not mirror:
                raise SetupError(
                    f"There is no Debian mirror to take the suite {suite} from.",
                    f"This machine is {' '.join(self.release()) or 'not a Debian'}; "
                    "its package sources name no Debian mirror.",
                )
            signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
            write_whole(home / "sources.list", f"deb {signed}{mirror} {suite} main\n")
            text += f'Dir::Etc::SourceList "{home / "sources.list"}";\n'
            text += 'Dir::Etc::SourceParts "-";\n'
            text += 'Dir::Etc::Preferences "-";\nDir::Etc::PreferencesParts "-";\n'
        write_whole(home / "apt.conf", text)
        return home / "apt.conf"


def sha256_of(path):
    """Return the SHA-256 of a file in hexadecimal digits."""
    return _digest(path, "sha256")


def _digest(path, kind):
    digest = hashlib.new(kind.replace("Sum", "").lower())
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
