"""`python -m benchmarks list | run NAME [arguments] | table [NAME ...] | readme`.

`list` names all benchmarks. `run` measures what is not recorded yet (`--again`: all) and appends
to `benchmarks/records` (`--records FOLDER`: there). `table` fills the pages of `benchmarks/results`
from records, `readme` README and docs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks import harness


def main(words: list[str]) -> int:
    """One command; 1 if a measurement says that it failed."""
    command, *rest = words or ["list"]
    if command == "list":
        for name in harness.names():
            print(f"{name:34s} {harness.first_line(name)}")
        return 0
    if command == "run" and rest:
        folder, again = harness.RECORDS, "--again" in rest
        rest = [word for word in rest if word != "--again"]
        if "--records" in rest:
            place = rest.index("--records")
            folder = Path(rest[place + 1])
            del rest[place : place + 2]
        made = harness.run(harness.resolve(rest[0]), rest[1:], folder, again=again)
        if folder == harness.RECORDS:
            harness.write(harness.pages(rest[:1]))
        return int(any(record.figures.get("error") for record in made))
    if command == "table":
        harness.write(harness.pages(rest))
        return 0
    if command == "readme":
        harness.write(harness.documents())
        return 0
    if command == "call":
        name, function, arguments = rest
        print(json.dumps(getattr(harness.load(name), function)(*json.loads(arguments))))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
