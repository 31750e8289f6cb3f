"""Ctrl-C is answered at once, also where compiled code does not look for it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

INTERRUPTED = (
    "interrupted; give the same command again: it goes on from what was saved, "
    "and begins anew where nothing was"
)
"""What is said of it."""
GRACE = 0.7
"""Seconds in which the interpreter may notice a signal: compiled code may run for longer."""


def answer_interrupts(say: Callable[[], None]) -> None:
    """Ends the process with code 130 where an interrupt is not noticed soon; `say` tells why.

    A signal raises `KeyboardInterrupt` in the main thread as always, once that runs Python again;
    a compiler, or an epoch in one call, may keep it from doing so for many seconds. Whatever is on
    disk is whole: files are written beside their places and then moved there.

    To be called in the main thread, of a process of one's own.
    """
    noticed = threading.Event()
    heard, told = socket.socketpair()
    told.setblocking(False)
    handled = {number for number in (signal.SIGINT, signal.SIGTERM) if _interrupts(number)}
    if not handled:
        return

    def notice(number: int, frame: FrameType | None) -> None:
        noticed.set()
        signal.default_int_handler(number, frame)

    def watch(kept: socket.socket) -> None:
        # The other end has to live as long as the process.
        while kept:
            # The interpreter's own handler in C writes the number of every signal.
            if handled & set(heard.recv(1)) and not noticed.wait(GRACE):
                say()
                os._exit(130)
            # Several in a row are noticed as one: the others must not cut short what that began.
            heard.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                heard.recv(4096)
            heard.setblocking(True)
            noticed.clear()

    for number in handled:
        signal.signal(number, notice)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=watch, args=(told,), name="interrupts", daemon=True).start()


def _interrupts(number: int) -> bool:
    """Whether a signal raises `KeyboardInterrupt`, and is not ignored, as under nohup."""
    return signal.getsignal(number) is signal.default_int_handler


def say_interrupted() -> None:
    """One line on stderr; with `--json` a JSON document, as for every other error."""
    text = INTERRUPTED
    if "--json" in sys.argv:
        text = f'{{"error": "{text}", "exit_code": 130}}'
    else:
        text = f"forcelaw: {text}"
    os.write(2, f"{text}\n".encode())
