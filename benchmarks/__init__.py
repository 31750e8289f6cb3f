"""Measurements behind the claims of this project; `python -m benchmarks list` names them.

A benchmark is a module of one of the folders. It has

- `cases(options)`: what there is to measure, each case a `harness.Case`;
- `measure(case, options)`: the figures of one case, plain JSON;
- `figures(records)`: texts and tables for the marked places of pages, by name;
- `arguments(parser)`: its options, if it has any;
- `SMOKE`: arguments of a run so small that a test can afford it.

`harness` does the rest: it skips cases that are recorded, appends a record for each that is
measured to `records/KIND/NAME.jsonl`, and fills pages. The top of this package imports the standard
library alone, so that other interpreters can run a part of a comparison.
"""
