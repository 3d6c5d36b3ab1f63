"""Faults: what breaks is broken on purpose, and everything is counted afterwards.

``setup/faults`` runs the full profile, ``setup/faults --short`` the one that is part of
``setup/test``. Every scenario is seeded and prints its counts; the last line says how
many of the facts held.
"""

import argparse
import sys
import time

from tests.faults import mail_gateways, mail_outage, mail_ping_pong, mail_round_trip
from tests.faults.world import World

#: Name → (module, its size in the short profile, in the full profile).
SCENARIOS = {
    "mail_gateways": (mail_gateways, 30, 1000),
    "mail_ping_pong": (mail_ping_pong, 1, 20),
    "mail_round_trip": (mail_round_trip, 1, 10),
    "mail_outage": (mail_outage, 20, 1000),
}


def _options(arguments):
    parser = argparse.ArgumentParser(prog="setup/faults", description=__doc__)
    parser.add_argument("--profile", choices=["short", "full"], default="full")
    parser.add_argument(
        "--short",
        action="store_const",
        const="short",
        dest="profile",
        help="--profile short",
    )
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--only", choices=SCENARIOS, action="append")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Run the scenarios; return 1 when a fact did not hold."""
    options = _options(arguments)
    passed = failed = 0
    with World(options.seed) as world:
        for name in options.only or SCENARIOS:
            module, short, full = SCENARIOS[name]
            size = short if options.profile == "short" else full
            started = time.monotonic()
            print(f"{name}, size {size}, seed {options.seed}", flush=True)
            counts, facts = module.run(world, size)
            for label, value in counts.items():
                print(f"  {label:<58}{value:>8}", flush=True)
            for label, holds in facts.items():
                print(f"  {'holds ' if holds else 'FAILS '} {label}", flush=True)
                passed += bool(holds)
                failed += not holds
            print(f"  {time.monotonic() - started:.0f} s", flush=True)
    print(f"{passed} passed, {failed} failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
