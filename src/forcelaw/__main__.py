"""`python -m forcelaw`, the same program as `forcelaw`."""

import os
import signal
import sys
from typing import NoReturn

from forcelaw.interruption import answer_interrupts, say_interrupted


def main() -> None:
    """Runs `forcelaw` as a process of its own: SIGTERM interrupts like Ctrl-C."""
    # A handler that was set to ignore it (nohup, for one) stays.
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    answer_interrupts(say_interrupted)
    # XLA logs an error for every compiled program that it reads from disk, since it does not count
    # preferences in tuning among what this machine can do. What really fails is raised.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from forcelaw.cli import main as run

        run()
    except KeyboardInterrupt:
        _interrupted()


def _interrupted() -> NoReturn:
    """Before or after the command: nothing had begun, or everything is on disk."""
    sys.stderr.write("forcelaw: interrupted\n")
    sys.stderr.flush()
    os._exit(130)


if __name__ == "__main__":
    main()
