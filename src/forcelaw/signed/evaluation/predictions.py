"""Predictions from file to file: pairs in, signs and probabilities out."""

from __future__ import annotations

import io
import os
import re
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.errors import InputError, check_type, unreadable
from forcelaw.files import many, read_text, split_line, spreadsheet_text, write_rows
from forcelaw.signed.columns.header import role_of
from forcelaw.signed.decoder import signs_from_probabilities
from forcelaw.signed.model import SpringEmbedding
from forcelaw.signed.network import SignedNetwork, are_apart, keep_apart, names_of

HEADS = {"source", "src", "from", "u", "rater", "sender"}
"""First words of a header, in lower case."""


class Predictions(NamedTuple):
    """A row for each pair to predict."""

    pairs: list[tuple[str, str]]
    sign: Int[np.ndarray, " pair"]
    probability: Float[np.ndarray, " pair"]
    """Of a positive sign."""
    known: Bool[np.ndarray, " pair"]
    """Whether the network has both nodes.

    Where it has not, the probability is the prior, its share of friends, and the sign is +1 from
    1/2 on: the threshold, which balances friends and enemies, is for pairs of known nodes.
    """
    deviation: Float[np.ndarray, " pair"]
    """Standard deviation of the probability; nan where it is the prior."""

    def __repr__(self) -> str:
        enemies = f", {(self.sign < 0).mean():.0%} enemies" if self.pairs else ""
        return f"Predictions({many(len(self.pairs), 'pair')}{enemies})"

    def csv(self, *, spreadsheet_safe: bool = False) -> str:
        """`source,target,sign,probability,known,deviation` with a header.

        **Arguments:** `spreadsheet_safe` writes names that a spreadsheet would take for formulas
        as text (`forcelaw.files.spreadsheet_text`).
        """
        text = io.StringIO()
        shown = spreadsheet_text if spreadsheet_safe else str
        columns = zip(
            self.pairs,
            self.sign.tolist(),
            self.probability.tolist(),
            self.known.tolist(),
            self.deviation.tolist(),
            strict=True,
        )
        write_rows(
            text,
            ["source", "target", "sign", "probability", "known", "deviation"],
            (
                [
                    *map(shown, pair),
                    sign,
                    f"{probability:.6f}",
                    "true" if known else "false",
                    f"{deviation:.6f}" if known else "",
                ]
                for pair, sign, probability, known, deviation in columns
            ),
        )
        return text.getvalue()

    def report_unknown(
        self, asked: str | os.PathLike[str], network: str, *, prior: float, strict: bool = False
    ) -> None:
        """Warns of pairs in the file `asked` with a node that the network of this name lacks.

        **Raises** `InputError` instead if `strict`.
        """
        unknown = int((~self.known).sum())
        if not unknown:
            return
        lacking = f"with a node that {network} does not have"
        if strict:
            first = self.pairs[int((~self.known).argmax())]
            raise InputError(
                f"{os.fspath(asked)}: found {many(unknown, 'pair')} {lacking}, the first "
                f"{','.join(first)}, expected known nodes; remove them or leave --strict out"
            )
        warnings.warn(
            f"{os.fspath(asked)}: of {many(len(self.pairs), 'pair')} asked for, {unknown:,} "
            f"{lacking} (known = false): their probability is its share of friends, {prior:.3f}",
            stacklevel=2,
        )


def predict(model: SpringEmbedding, pairs: Any) -> Predictions:
    """Predicts pairs as `SpringEmbedding.predict_proba` takes them, or a file of `read_pairs`."""
    check_type("predict", model, SpringEmbedding, then="load one: SpringEmbedding.load(folder)")
    if isinstance(pairs, (str, os.PathLike)):
        pairs = read_pairs(pairs)
    (probability, deviation), known = model.predict_with_deviation(pairs), model.knows(pairs)
    named = names_of(model.network_, pairs)
    sign = signs_from_probabilities(probability, known, model.threshold_)
    return Predictions(named, sign, probability, known, deviation)


def check_known(
    model: SpringEmbedding, pairs: list[tuple[str, str]], asked: str | os.PathLike[str], name: str
) -> None:
    """Makes sure that the network of this `name` has all nodes of the pairs in the file `asked`.

    **Raises** `InputError`: it has not.
    """
    known = model.knows(pairs)
    if not known.all():
        first = pairs[int((~known).argmax())]
        raise InputError(
            f"{os.fspath(asked)}: found {many(int((~known).sum()), 'pair')} with a node that "
            f"{name} does not have, the first {','.join(first)}, expected known nodes; remove them"
        )


def without_repeats(
    network: SignedNetwork, pairs: list[tuple[str, str]]
) -> tuple[list[tuple[str, str]], int]:
    """Every pair once, where it stands first, and how often one came again.

    Without directions both orders of a pair are the same.
    """
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    for pair in pairs:
        first.setdefault(pair if network.directed else tuple(sorted(pair)), pair)
    return list(first.values()), len(pairs) - len(first)


def read_pairs(path: str | os.PathLike[str], *, bipartite: bool = False) -> list[tuple[str, str]]:
    """Source and target of every line; further columns are ignored.

    Comma, semicolon, tab or space separated; `#` and `%` begin comments. A first line that names a
    source and a target, by any word that edge lists may use, is a header and says which column is
    which; so is one that begins with `source` (or `src`, `from`, `u`, `rater`, `sender`).

    **Arguments:** `bipartite` whether sources and targets are two kinds, named as
    `SignedNetwork.from_edges` names them then; a pair may be so named already, as in what forcelaw
    writes.

    **Raises** `UnreadableFile` naming file and line for a line with fewer than two columns, or for
    a pair of a node with itself.
    """
    lines = [
        (number, line.strip())
        for number, line in enumerate(read_text(Path(path)).text.split("\n"), 1)
        if line.strip() and line.strip()[0] not in "#%"
    ]
    pairs, columns = [], (0, 1)
    for order, (number, line) in enumerate(lines):
        cells = _cells(line)
        if order == 0:
            named = _named(cells)
            columns = named or columns
            if named is not None or cells[0].lower() in HEADS:
                continue
        ends = [cells[column] for column in columns if column < len(cells)]
        if len(ends) < 2 or not all(ends):
            raise unreadable(
                path,
                number,
                found=f"{line[:40]!r}",
                expected="a source and a target",
                then="write both names, separated by a comma",
            )
        source, target = ends
        if source == target and not bipartite:
            raise unreadable(
                path,
                number,
                found=f"the pair {source},{target}",
                expected="two different nodes",
                then="remove it",
            )
        pairs.append((source, target))
    if not pairs:
        raise unreadable(
            path, found="no pairs", expected="lines of source and target", then="add some"
        )
    if bipartite:
        return [pair if are_apart(*pair) else _apart(*pair) for pair in pairs]
    return pairs


def _named(cells: list[str]) -> tuple[int, int] | None:
    """The columns of source and target, where a line names one of each.

    Words with digits or of a letter or two (`user1`, `u`) may be nodes.
    """
    words = ["" if re.search(r"\d", cell) or len(cell) < 3 else cell for cell in cells]
    roles = [role_of(word) for word in words]
    if roles.count("source") != 1 or roles.count("target") != 1:
        return None
    return roles.index("source"), roles.index("target")


def _apart(source: str, target: str) -> tuple[str, str]:
    (first,), (second,) = keep_apart([source], [target])
    return first, second


def _cells(line: str) -> list[str]:
    separator = next((one for one in ("\t", ",", ";") if one in line), None)
    return line.split() if separator is None else [c.strip() for c in split_line(line, separator)]
