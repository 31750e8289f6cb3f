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
    status = 0
    match words:
        case [] | ["list"]:
            for name in harness.names():
                print(f"{name:34s} {harness.first_line(name)}")
        case ["run", name, *rest]:
            status = run(harness.resolve(name), rest)
        case ["table", *chosen]:
            harness.write(harness.pages(chosen))
        case ["readme"]:
            harness.write(harness.documents())
        case ["call", name, function, arguments]:
            print(json.dumps(getattr(harness.load(name), function)(*json.loads(arguments))))
        case _:
            print(__doc__, file=sys.stderr)
            status = 2
    return status


def run(name: str, arguments: list[str]) -> int:
    """Measures, and fills the page of the benchmark."""
    folder, again = harness.RECORDS, "--again" in arguments
    rest = [word for word in arguments if word != "--again"]
    if "--records" in rest:
        place = rest.index("--records")
        folder = Path(rest[place + 1])
        del rest[place : place + 2]
    made = harness.run(name, rest, folder, again=again)
    if folder == harness.RECORDS:
        harness.write(harness.pages([name]))
    return int(any(record.figures.get("error") for record in made))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
