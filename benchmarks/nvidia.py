"""What `nvidia-smi` says about the first card, where there is one."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import threading
from types import TracebackType

EVERY = 200
"""Milliseconds between two samples."""


def card() -> str:
    """The name of the card; `none` where there is none."""
    if shutil.which("nvidia-smi") is None:
        return "none"
    done = subprocess.run(question("name"), capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines() if done.returncode == 0 else []
    return lines[0].strip() if lines else "none"


def question(what: str) -> list[str]:
    """The command that prints a quantity of the card that programs use."""
    first = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")[0].strip() or "0"
    return ["nvidia-smi", "-i", first, f"--query-gpu={what}", "--format=csv,noheader,nounits"]


class Utilisation:
    """Samples how busy the card is, for as long as the `with` lasts; per cent."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Utilisation:
        if shutil.which("nvidia-smi") is not None:
            command = [*question("utilization.gpu"), "-lms", str(EVERY)]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            self.thread = threading.Thread(target=self._listen, daemon=True)
            self.thread.start()
        return self

    def _listen(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip().replace(".", "", 1).isdigit():
                self.samples.append(float(line))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.thread.join()
            assert self.process.stdout is not None
            self.process.stdout.close()

    @property
    def mean(self) -> float | None:
        """Of all samples; None where there were none."""
        return round(statistics.mean(self.samples), 1) if self.samples else None
