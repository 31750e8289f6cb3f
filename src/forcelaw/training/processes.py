"""Several processes as one run: JAX's own multi-process runtime, and how it ends when one dies."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from forcelaw.errors import InputError, InvalidSetting

ANSWER_SECONDS = 20
"""Within which the coordinator must answer, and then all processes must have come."""
HEARTBEAT_SECONDS = 25
"""After which a silent process counts as dead."""
WAIT_SECONDS = 24 * 3600
"""That a process waits at its end for living ones, which may have more to do."""
LAST_SECONDS = 15
"""For a process to end in order after the runtime has given up."""
_TRANSPORT = ("gloo", "nccl", "coordination", "heartbeat", "barrier")


class ProcessError(RuntimeError):
    """Another process of the run has ended; the run can go on from its checkpoint."""


@contextmanager
def join_processes(coordinator: str, processes: int, process: int) -> Iterator[None]:
    """What runs inside is one of `processes` processes that compute together.

    To be entered once, before JAX computes anything. Inside, `jax.devices()` are those of all
    processes; each must compile and run the same programs in the same order. What the runtime
    itself writes (gloo's greetings, the traces of its crashes) is kept away from the standard
    streams: `sys.stdout` and `sys.stderr` are replaced, so consoles must be made inside.

    After an exception has left the block this process cannot wait for the others any more: it
    ends without the exit handlers that were registered before.

    **Arguments:** `coordinator` is `HOST:PORT` of process 0; `process` counts from 0.

    **Raises** `InputError` for wrong arguments, or if the coordinator does not answer in
    `ANSWER_SECONDS`; `ProcessError` if a process dies, at once where its connections close. Where
    JAX ends this process itself (the others did not come; process 0 fell silent), it ends with
    the same message and the exit codes 2 and 1.
    """
    host, port = _address(coordinator, processes, process)
    import jax

    if process == 0:
        _check_port(port, coordinator)
    else:
        _await_answer(host, port, coordinator)
    whoami = f"process {process} of {processes}"
    # Else SIGTERM would be noted and otherwise ignored.
    jax.config.update("jax_enable_preemption_service", False)
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    end = _End(
        f"{whoami}: found not all {processes} processes at {coordinator} within {ANSWER_SECONDS} "
        f"s, expected each number from 0 to {processes - 1} once; start all of them",
        code=2,
    )
    end.prepare()
    try:
        try:
            jax.distributed.initialize(
                coordinator,
                processes,
                process,
                initialization_timeout=ANSWER_SECONDS,
                heartbeat_timeout_seconds=HEARTBEAT_SECONDS,
                shutdown_timeout_seconds=WAIT_SECONDS,
            )
        except RuntimeError as error:
            raise InputError(f"{end.message} ({_first_line(error)})") from error
        end.message, end.code = (
            f"{whoami}: another process has ended or cannot be reached; start all of them again "
            "with the same command to go on from the checkpoint",
            1,
        )
        try:
            yield
            jax.distributed.shutdown()
        except Exception as error:
            if not _is_transport(error):
                raise
            raise ProcessError(f"{end.message} ({_first_line(error)})") from error
    except BaseException as error:
        end.failed(error)
        raise
    end.restore()


class _End:
    """How this process ends if it cannot end together with the others.

    As soon as the runtime has lost the coordinator it calls `abort` from a thread of its own,
    whatever Python is about to do, and leaves a trace on the standard error; it offers no other
    way. So its streams go to a file, and an abort becomes a message and an exit code.
    """

    def __init__(self, message: str, *, code: int) -> None:
        self.message, self.code = message, code
        self._reported = False
        self._ending = threading.Event()

    def prepare(self) -> None:
        """Parts Python's streams from the runtime's and traps aborts."""
        self._streams = sys.stdout, sys.stderr
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process
        self._kept = []
        for stream, descriptor in zip(self._streams, (1, 2), strict=True):
            stream.flush()
            self._kept.append(os.dup(descriptor))
            os.dup2(self._log.fileno(), descriptor)
        sys.stdout, sys.stderr = (_text_stream(descriptor) for descriptor in self._kept)
        # Registered after JAX's exit handler, which waits for the others, and called before it.
        atexit.register(self._at_exit)
        if sys.platform != "win32":
            self._handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(self._aborted)
            library = ctypes.CDLL(None)
            library.signal.restype = ctypes.c_void_p
            library.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
            library.signal(signal.SIGABRT, ctypes.cast(self._handler, ctypes.c_void_p))

    def failed(self, error: BaseException) -> None:
        """Notes that an error is on its way to the user, and the exit code that it will have."""
        known = getattr(error, "exit_code", getattr(error, "code", None))
        if isinstance(error, KeyboardInterrupt):
            known = 130
        elif isinstance(error, InputError):
            known = 2
        self.code = known if isinstance(known, int) else 1
        self._reported = True

    def restore(self) -> None:
        """Gives the streams back."""
        for stream, descriptor, kept in zip(
            (sys.stdout, sys.stderr), (1, 2), self._kept, strict=True
        ):
            stream.flush()
            os.dup2(kept, descriptor)
        sys.stdout, sys.stderr = self._streams
        atexit.unregister(self._at_exit)

    def _at_exit(self) -> None:
        self._ending.set()
        if self._reported:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.code)

    def _aborted(self, signal_number: int) -> None:
        """Runs in the thread that aborts; Python's error, if it has one, says it better."""
        if threading.current_thread() is not threading.main_thread():
            self._ending.wait(LAST_SECONDS)
        if not self._reported:
            os.write(self._kept[1], f"forcelaw: {self.message}\n".encode())
        os._exit(self.code)


def _address(coordinator: str, processes: int, process: int) -> tuple[str, int]:
    host, _, port = coordinator.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise InvalidSetting(
            f"coordinator: found {coordinator!r}, expected HOST:PORT of process 0 such as "
            "10.0.0.1:7654"
        )
    if processes < 1:
        raise InvalidSetting(f"processes: found {processes}, expected 1 or more")
    if not 0 <= process < processes:
        raise InvalidSetting(
            f"process: found {process}, expected a number from 0 to {processes - 1}; "
            f"each of the {processes} processes has its own"
        )
    return host.strip("[]"), int(port)


def _check_port(port: int, coordinator: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            raise InvalidSetting(
                f"coordinator: found port {port} of {coordinator} taken ({error.strerror}), "
                "expected a free one; choose another port for all processes"
            ) from None


def _await_answer(host: str, port: int, coordinator: str) -> None:
    last = time.monotonic() + ANSWER_SECONDS
    reason = "no answer"
    while (left := last - time.monotonic()) > 0:
        try:
            socket.create_connection((host, port), timeout=left).close()
            return
        except OSError as error:
            reason = error.strerror or str(error)
        time.sleep(min(0.2, max(0.0, last - time.monotonic())))
    raise InputError(
        f"coordinator: found nothing that answers at {coordinator} for {ANSWER_SECONDS} s "
        f"({reason}), expected process 0 there; start all processes within that time and check "
        "host and port"
    )


def _is_transport(error: BaseException) -> bool:
    """Whether an error of JAX speaks of other processes; its classes do not tell."""
    text = str(error).lower()
    return isinstance(error, RuntimeError | ValueError) and any(w in text for w in _TRANSPORT)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _text_stream(descriptor: int):
    return os.fdopen(
        os.dup(descriptor), "w", buffering=1, encoding="utf-8", errors="backslashreplace"
    )
