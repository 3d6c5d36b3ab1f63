"""The suite's own addons, read from the repository."""

import ast
import hashlib
from pathlib import Path

from .prefix import REPOSITORY

IGNORED = ("__pycache__", ".git", "node_modules", ".ruff_cache", ".pytest_cache")


class Addons:
    """The addons in a directory, by name, in the order of their dependencies."""

    def __init__(self, root=REPOSITORY):
        self.root = Path(root)
        self.manifests = {
            path.parent.name: ast.literal_eval(path.read_text("utf-8"))
            for path in sorted(self.root.glob("*/__manifest__.py"))
        }

    @property
    def names(self):
        """Names of the addons, each after those it depends on."""
        ordered = []

        def visit(name):
            for needed in self.manifests[name].get("depends", []):
                if needed in self.manifests:
                    visit(needed)
            if name not in ordered:
                ordered.append(name)

        for name in self.manifests:
            visit(name)
        return ordered

    def dependencies(self):
        """Return the sorted names of the other addons that ours depend on."""
        return sorted(
            {
                needed
                for manifest in self.manifests.values()
                for needed in manifest.get("depends", [])
                if needed not in self.manifests
            }
        )

    def fingerprints(self):
        """Return a hash of the content of each addon."""
        return {name: fingerprint(self.root / name) for name in self.names}


def fingerprint(directory):
    """Return a hash over the names and contents of the files in a directory."""
    digest = hashlib.sha256()
    for path in sorted(Path(directory).rglob("*")):
        if path.is_file() and not set(path.parts) & set(IGNORED):
            digest.update(str(path.relative_to(directory)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
