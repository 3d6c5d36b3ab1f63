"""Running other programs: logged, ended with us, their failure explained."""

import errno
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from .errors import SetupError

TAIL_LINES = 12
NO_SPACE = ("No space left on device", "ENOSPC", "disk full")
NO_NETWORK = (
    "Temporary failure in name resolution",
    "Temporary failure resolving",
    "Could not resolve",
    "Name or service not known",
    "Network is unreachable",
    "Failed to establish a new connection",
    "Connection refused",
    "Connection timed out",
    "Connection failed",
    "Could not connect",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
)

_children = set()
_children_lock = threading.Lock()


def run(command, *, log, what, way_out="", env=None, cwd=None, timeout=None):
    """Run a program to its end, its output in ``log``.

    :param command: list of strings
    :param log: file that receives standard output and error, appended
    :param what: the sentence of the error when the program fails
    :param way_out: what the reader may do then
    :param timeout: seconds after which the program is ended and counts as failed
    :raises SetupError: the program is absent, fails, or takes too long
    """
    code = call(command, log=log, env=env, cwd=cwd, timeout=timeout)
    if code:
        raise explained(
            what, log, way_out, f"{Path(command[0]).name} ended with {code}"
        )


def call(command, *, log, env=None, cwd=None, timeout=None, stdin=None):
    """Run a program as :func:`run` does and return its exit code instead.

    :param stdin: open file to read from; there is nothing to read without one
    """
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as output:
        output.write(f"$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        child = start(command, output=output, env=env, cwd=cwd, stdin=stdin)
        try:
            return child.wait(timeout)
        except subprocess.TimeoutExpired:
            output.write(f"\nended: no result after {timeout} seconds\n".encode())
            return -signal.SIGKILL
        finally:
            end(child)


def start(command, *, output, env=None, cwd=None, stdin=None):
    """Start a program in its own process group and return its Popen.

    It is ended by :func:`end_all`, when this process is interrupted for instance.

    :raises SetupError: there is no such program
    """
    try:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise SetupError(
            f"{command[0]} cannot be started.",
            f"{error.filename or command[0]}: no such file",
        ) from error
    with _children_lock:
        _children.add(child)
    return child


def end(child, grace=10):
    """End a program and what it started: asked first, killed after ``grace`` s."""
    with _children_lock:
        _children.discard(child)
    for sign, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5)):
        if child.poll() is not None:
            return
        try:
            os.killpg(child.pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)


def end_all():
    """End every program that is still running."""
    with _children_lock:
        children = list(_children)
    for child in children:
        end(child)


def output_of(command, *, env=None, cwd=None):
    """Return ``(exit code, standard output and error)`` of a short program.

    An absent program counts as exit code 127.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            check=False,
        )
    except (FileNotFoundError, PermissionError) as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode(errors="replace")


def which(name, path=None):
    """Return the full name of a program on PATH, or None."""
    return shutil.which(name, path=path)


def tail(log, lines=TAIL_LINES):
    """Return the last lines of a log that say something."""
    try:
        text = Path(log).read_bytes()[-20_000:].decode(errors="replace")
    except OSError:
        return ""
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


def explained(what, log, way_out="", why=""):
    """Return the SetupError for a failed program, reading its log for the reason."""
    text = tail(log, 40)
    if any(sign in text for sign in NO_SPACE):
        return no_space(what, Path(log).parent)
    if any(sign in text for sign in NO_NETWORK):
        return SetupError(
            what,
            "The network did not answer:\n" + tail(log, 4),
            "Check the connection, the proxy variables and the package configuration "
            "of this machine, then run the command again: it goes on where it stopped.\n"
            "Without a network: copy the downloads directory of a machine that has one "
            "and point CARE_DOWNLOADS at it.",
        )
    why = f"{why}\n" if why else ""
    return SetupError(
        what, f"{why}{tail(log)}", f"{way_out}\nThe whole log: {log}".strip()
    )


def no_space(what, where, needed=None):
    """Return the error of a full disk."""
    free = shutil.disk_usage(existing_parent(where)).free
    need = f", {gigabytes(needed)} are needed" if needed else ""
    return SetupError(
        what,
        f"There is no room: {gigabytes(free)} are free at {where}{need}.",
        "Free some space, or set CARE_HOME to a directory on a larger disk, "
        "then run the command again.",
    )


def gigabytes(size):
    """Return a size in bytes as people write it."""
    return f"{size / 1e9:.1f} GB"


def existing_parent(path):
    """Return the path itself or its nearest parent that exists."""
    path = Path(path).absolute()
    while not path.exists():
        path = path.parent
    return path


def of_system(error):
    """Return the SetupError for an OSError that nothing else explained."""
    where = error.filename or "."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space("The set-up cannot go on.", where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupError(
            "The set-up may not write where it has to.",
            str(error),
            "Set CARE_HOME to a directory that you may write.",
        )
    return SetupError("The set-up cannot go on.", str(error))
