"""What every discovery has to say, whatever the motion: read by users, the report and runs."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError
from forcelaw.numerics import room_of_curve
from forcelaw.storage import ParsedObject

_BEST_LAST = ("none", "approximation", "law")


@dataclass(frozen=True, eq=False)
class DrawnForce:
    """A force against distance as it is drawn: the curve with its band, the formula over it."""

    title: str
    r: Float[np.ndarray, " point"]
    force: Float[np.ndarray, " point"]
    low: Float[np.ndarray, " point"]
    high: Float[np.ndarray, " point"]
    """The 95 % band."""
    formula: Float[np.ndarray, " point"]
    """NaN where it is not finite."""


class Finding(abc.ABC):
    """What a discovery found. Everything is in the units in which the data were given."""

    notes: tuple[str, ...]
    """What the data cannot tell, and what was done to them."""

    @property
    @abc.abstractmethod
    def verdict(self) -> str:
        """`law`, `approximation` or `none`."""

    @property
    @abc.abstractmethod
    def explained(self) -> float:
        """R² on held-out data; 0 for a law that says nothing."""

    @property
    @abc.abstractmethod
    def causes(self) -> tuple[str, ...]:
        """What a formula that is no law may lack, most likely first."""

    @abc.abstractmethod
    def explained_words(self) -> str:
        """What R² is of."""

    @abc.abstractmethod
    def drawn_forces(self) -> tuple[DrawnForce, ...]:
        """Every force against distance."""

    @abc.abstractmethod
    def to_json(self) -> ParsedObject:
        """Everything that is reported, as JSON can hold it."""

    @abc.abstractmethod
    def _repr_latex_(self) -> str: ...

    def is_better_than(self, other: Finding) -> bool:
        """By the verdict, then by the share that is explained."""
        mine, others = (
            (_BEST_LAST.index(one.verdict), float(np.nan_to_num(one.explained)))
            for one in (self, other)
        )
        return mine > others

    @property
    def document(self) -> ParsedObject:
        """The same as `to_json()`."""
        return self.to_json()

    def plot(self) -> Any:
        """A Matplotlib figure: every force against distance, its band, and the formula over it.

        **Raises** `InputError` where Matplotlib is not installed.
        """
        try:
            from matplotlib.figure import Figure
        except ImportError:
            raise InputError(
                "plot: found no matplotlib, expected it; pip install 'forcelaw[plot]'"
            ) from None
        drawn = self.drawn_forces()
        figure = Figure(figsize=(6.4, 3.2 * max(1, len(drawn))), layout="constrained")
        for k, one in enumerate(drawn):
            axes = figure.add_subplot(len(drawn), 1, k + 1)
            axes.axhline(0, color="#aab2ba", linewidth=0.8)
            axes.fill_between(one.r, one.low, one.high, color="#3b6fb6", alpha=0.25, linewidth=0)
            axes.plot(one.r, one.force, color="#3b6fb6", linewidth=2, label="curve, 95 % band")
            axes.plot(one.r, one.formula, color="#1c2126", dashes=(4, 3), label="formula")
            axes.set(title=one.title, xlabel="distance", ylabel="force")
            axes.set_ylim(*room_of_curve(one.force))
            axes.spines[["top", "right"]].set_visible(False)
            axes.legend(frameon=False)
        return figure

    def _answer_words(self) -> list[str]:
        """Sentences before the verdict."""
        return []

    def _repr_html_(self) -> str:
        of = f"R² {self.explained:.4f} of {self.explained_words()} on held-out data"
        words = [*self._answer_words(), f"Verdict: {self.verdict}, {of}."]
        if self.causes:
            words.append(f"Likely causes of the residual: {', '.join(self.causes)}.")
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in words)
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        listed = f"<ul>{notes}</ul>" if notes else ""
        return f"<p>{escape(self._repr_latex_())}</p>{paragraphs}{listed}"
