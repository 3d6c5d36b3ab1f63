"""Entry of the commands in ``setup/``: picks the command, shows errors plainly."""

import importlib
import signal
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

COMMANDS = {
    "run": "bootstrap.run_command",
    "test": "bootstrap.test_command",
    "env": "bootstrap.env_command",
    "bench": "bootstrap.program_command",
    "faults": "bootstrap.program_command",
    "screenshots": "bootstrap.program_command",
}


def main(command, arguments):
    """Run a command and return its exit code.

    2 is an error of the set-up, 1 a verdict of "failed", 130 an interruption.
    """
    from bootstrap import process
    from bootstrap.errors import SetupError

    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    module = importlib.import_module(COMMANDS[command])
    if command in ("bench", "faults", "screenshots"):
        arguments = [command, *arguments]
    try:
        return module.main(arguments)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"\n{process.of_system(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        process.end_all()
        print(
            f"\nInterrupted. What is complete is kept: setup/{command} goes on there.",
            file=sys.stderr,
        )
        return 130
    finally:
        process.end_all()


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
