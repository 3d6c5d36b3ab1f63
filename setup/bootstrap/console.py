"""What the person at the terminal sees while the set-up works.

On a terminal the current step shows its seconds; in a log file a line appears when
a step starts, every ``HEARTBEAT`` seconds while it lasts, and when it ends, so that
a silent minute never looks like a hang.
"""

import contextlib
import sys
import threading
import time

HEARTBEAT = 20.0
TICK = 0.5


def seconds(duration):
    """Return a duration in seconds as people write it: ``4.2 s``, ``3 min 05 s``."""
    if duration < 60:
        return f"{duration:.1f} s"
    minutes, rest = divmod(int(duration), 60)
    return f"{minutes} min {rest:02d} s"


class Step:
    """One running step.

    ``detail`` is shown behind its title while it runs, ``result`` when it has ended;
    ``has_failed`` says that it came to its end with a bad result.
    """

    def __init__(self, title):
        self.title = title
        self.detail = ""
        self.result = ""
        self.has_failed = False
        self.started = time.monotonic()

    @property
    def elapsed(self):
        """Seconds since the step started."""
        return time.monotonic() - self.started


class Console:
    """Prints steps and notes to one stream, from any thread."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.is_terminal = bool(getattr(self.stream, "isatty", lambda: False)())
        self._lock = threading.RLock()
        self._running = []
        self._live_line = False

    def note(self, text=""):
        """Print a line of its own."""
        with self._lock:
            self._clear()
            print(text, file=self.stream, flush=True)

    @contextlib.contextmanager
    def step(self, title):
        """Show that ``title`` is being done until the block ends; yield the Step."""
        step = Step(title)
        ended = threading.Event()
        with self._lock:
            self._running.append(step)
        if not self.is_terminal:
            self.note(f"...  {title}")
        ticker = threading.Thread(target=self._tick, args=(step, ended), daemon=True)
        ticker.start()
        verdict = "FAIL"
        try:
            yield step
            verdict = "FAIL" if step.has_failed else "ok"
        except KeyboardInterrupt:
            verdict = "stop"
            raise
        finally:
            ended.set()
            ticker.join()
            with self._lock:
                self._running.remove(step)
            tail = f" - {step.result}" if step.result else ""
            self.note(f"{verdict:<4} {title}{tail} ({seconds(step.elapsed)})")

    def _tick(self, step, ended):
        interval = TICK if self.is_terminal else HEARTBEAT
        while not ended.wait(interval):
            with self._lock:
                if self.is_terminal:
                    if self._running and self._running[-1] is step:
                        self._draw(step)
                else:
                    detail = f": {step.detail}" if step.detail else ""
                    self.note(f"...  {step.title} ({step.elapsed:.0f} s){detail}")

    def _draw(self, step):
        text = f"...  {step.title} ({step.elapsed:.0f} s) {step.detail}"
        self.stream.write("\r\x1b[K" + text[:110])
        self.stream.flush()
        self._live_line = True

    def _clear(self):
        if self._live_line:
            self.stream.write("\r\x1b[K")
            self._live_line = False
