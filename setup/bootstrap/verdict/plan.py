"""Running stages, two side by side, and telling what came of them."""

import concurrent.futures
import threading
import time

from .. import process
from ..console import seconds
from ..errors import SetupError
from .result import Result

LANES = 2


class Plan:
    """Chains of stages; the stages of a chain follow each other.

    A chain starts when a lane is free, in the order of addition: long ones first.
    """

    def __init__(self, console, lanes=LANES):
        self.console = console
        self.lanes = lanes
        self.chains = []
        self._stopped = threading.Event()

    def add(self, *stages):
        """Add a chain of ``(name, title, function)``; the function takes a step."""
        self.chains.append(stages)

    def run(self):
        """Run every chain and return the results in the order of addition."""
        pool = concurrent.futures.ThreadPoolExecutor(self.lanes)
        futures = [pool.submit(self._run_chain, chain) for chain in self.chains]
        try:
            done = [future.result() for future in futures]
        except BaseException:
            self._stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            process.end_all()
            raise
        pool.shutdown()
        return [result for results in done for result in results]

    def _run_chain(self, chain):
        results = []
        for name, title, function in chain:
            if self._stopped.is_set():
                break
            results.append(self._run_stage(name, title, function))
        return results

    def _run_stage(self, name, title, function):
        started = time.monotonic()
        with self.console.step(title) as step:
            try:
                result = function(step)
            except SetupError as error:
                result = Result(name, problems=[str(error)])
            except Exception as error:  # noqa: BLE001 - a stage that breaks is red
                result = Result(name, problems=[f"{type(error).__name__}: {error}"])
            if result.failures:
                step.has_failed = True
                step.result = f"{step.result}, {result.failures} failed".strip(", ")
        result.seconds = time.monotonic() - started
        return result


def report(console, results, total_seconds):
    """Print every failure, a table of the stages, and the last line.

    :return: whether all is green
    """
    note = console.note
    for result in results:
        if result.failures:
            note(f"\n{result.name}: {result.failures} failed. Log: {result.log or '-'}")
            reasons = result.failed_tests + result.problems
            for reason in reasons[:20]:
                note(f"  - {reason}")
            hidden = len(reasons) - 20
            if hidden > 0:
                note(f"  - and {hidden} more in the log")
    width = max(len(result.name) for result in results)
    note(f"\n{'stage':<{width}}  passed  failed  skipped      time")
    for result in results:
        note(
            f"{result.name:<{width}}  {result.passed:>6}  {result.failures:>6}  "
            f"{result.skipped:>7}  {seconds(result.seconds):>8}"
        )
    passed = sum(result.passed for result in results)
    failed = sum(result.failures for result in results)
    empty = [r.name for r in results if not r.passed and not r.failures]
    for name in empty:
        note(f"{name}: nothing was checked")
    failed += len(empty)
    note(f"\nTime: {seconds(total_seconds)}")
    note(f"{passed} passed, {failed} failed")
    return not failed
