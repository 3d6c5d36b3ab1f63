"""Programs of the repository that run on the prefix: benchmarks, faults, screenshots."""

from .prefix import REPOSITORY

# Each is a directory with a __main__.py or a run.py.
PLACES = {
    "bench": "tests/bench",
    "faults": "tests/faults",
    "screenshots": "docs/screenshots",
}


def arguments_for(name, root=REPOSITORY):
    """Return what Python is told to run a program, None when there is no such program.

    A package under ``tests/`` runs as a module of the repository, so that it may import
    its neighbours; anything else runs as a script.
    """
    place = PLACES[name]
    if (root / place / "__main__.py").exists():
        is_package = (root / place / "__init__.py").exists()
        return ["-m", place.replace("/", ".")] if is_package else [place]
    if (root / place / "run.py").exists():
        return [f"{place}/run.py"]
    return None
