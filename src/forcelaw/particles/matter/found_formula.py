"""The law of recordings as it is read: texts, LaTeX and SymPy, for each pair of kinds."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from forcelaw.laws import Expression
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.data.initial_conditions import Initial
from forcelaw.particles.kernels import PairTerm
from forcelaw.particles.matter.force_law import ForceLaw, PairForce
from forcelaw.particles.matter.rollouts.simulation import MatterRollout, simulate_law
from forcelaw.storage import ParsedObject

_VECTORS = {
    "pair": r"\hat r_{ij}",
    "bond": r"A_{ij} \hat r_{ij}",
    "apart": r"(1 - A_{ij}) \hat r_{ij}",
    "alignment": r"(v_j - v_i)",
    "friction": r"\left((v_j - v_i)\cdot\hat r_{ij}\right)\hat r_{ij}",
    "transverse": r"\hat r_{ij}^{\perp}",
    "polar": r"\hat r_{ij}",
    "torque": "",
    "nematic": "",
    "steering": "",
}
"""What the factors multiply, by the names of forces; vectors point from the receiver i, and A is
one for bodies that an edge joins, else zero."""

SHAPED = ("wall", "three-body")
"""Names of forces with shapes: of walls, and of energies of three bodies."""

_ANGLES = {
    "dtheta": r"\theta_j - \theta_i",
    "bearing": r"\varphi_{ij} - \theta_i",
    "theta": r"\theta_i",
}
"""Angles by their names in formulas; that of the line from the receiver to the sender is phi."""


@dataclass(frozen=True, eq=False, repr=False)
class MatterFormula:
    """All forces of a law, written down; in the units of the data."""

    law: ForceLaw
    dim: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of receivers: one without a name where all bodies are alike."""
        return self.law.kinds or ("",)

    @property
    def directions(self) -> tuple[str, ...]:
        """Names of the forces that act: `pair`, `bond`, `alignment`, ..."""
        return tuple(dict.fromkeys(("pair", *(force.name for force in self.law.pairs))))

    def between(self, receiver: str, sender: str, key: str, digits: int | None = 4) -> str:
        """The force of a kind on another in one direction, `0` where there is none."""
        forces = [
            force
            for force in self.law.pairs
            if (force.name, force.receiver, force.sender) == (key, receiver, sender)
        ]
        return " + ".join(_written(force, digits) for force in forces).replace("+ -", "- ") or "0"

    def alone(self, receiver: str, digits: int = 4) -> str:
        """What acts on a body of a kind alone."""
        return self.law.one_body_text(receiver, self.dim, digits)

    def turning(self, receiver: str, digits: int = 4) -> str:
        """At what rate a body of a kind turns by itself."""
        return self.law.turning_text(receiver, digits)

    def text(self, digits: int | None = 4) -> str:
        """One line for each force; one alone, along the line between bodies, without its name."""
        lines = self.lines(digits)
        plain = len(lines) == 1 and not self.law.kinds and lines[0][0] == "pair"
        return lines[0][1] if plain else "\n".join(f"{name}: {text}" for name, text in lines)

    def lines(self, digits: int | None = 4) -> list[tuple[str, str]]:
        """The name of each force that acts, and its formula."""
        lines = []
        for receiver in self.kinds:
            for key in self.directions:
                for sender in self.kinds:
                    text = self.between(receiver, sender, key, digits)
                    if text != "0":
                        lines.append((_named(key, receiver, sender), text))
            for name, alone in (
                ("one-body", self.alone(receiver, digits or 15)),
                ("turning", self.turning(receiver, digits or 15)),
                *((key, self.law.shaped_text(key, receiver, digits or 15)) for key in SHAPED),
            ):
                if alone != "0":
                    lines.append((f"{name}{f' on {receiver}' if receiver else ''}", alone))
        return lines or [("pair", "0")]

    def latex(self, digits: int = 4) -> str:
        """LaTeX: what moves each kind of receiver i, a sum over senders j."""
        moves = r"\dot x_i" if self.law.order == 1 else r"m_i \ddot x_i"
        turning = {force.name for force in self.law.pairs if force.term.turns}
        lines = []
        for receiver in self.kinds:
            where = rf" \quad (i \in \mathrm{{{receiver}}})" if receiver else ""
            for left, keys, alone in (
                (moves, set(self.directions) - turning, self.alone(receiver, digits)),
                (r"\dot \theta_i", turning, self.turning(receiver, digits)),
            ):
                parts = self._sums(receiver, keys, digits)
                parts += [_latex_of(alone, digits)] if alone != "0" else []
                if parts or left == moves:
                    lines.append(f"{left} = {' + '.join(parts) or '0'}{where}")
        return r", \quad ".join(lines)

    def _sums(self, receiver: str, keys: Set[str], digits: int) -> list[str]:
        """A sum over senders for each of the forces named, in LaTeX."""
        parts = []
        for sender in self.kinds:
            for key in self.directions:
                text = self.between(receiver, sender, key, digits)
                if key not in keys or text == "0":
                    continue
                whole = _latex_of(text, digits)
                over = rf"j \in \mathrm{{{sender}}}" if sender else "j"
                vector = _VECTORS.get(key, rf"\vec e_{{\mathrm{{{key}}}}}")
                parts.append(rf"\sum_{{{over}}} \left({whole}\right) {vector}".rstrip())
        return parts

    def sympy(self, digits: int = 4) -> Any:
        """The pair force as a SymPy expression; where kinds are several, by (receiver, sender)."""
        if not self.law.kinds:
            return Expression.parse(self.between("", "", "pair", digits)).sympy(digits)
        return {
            (receiver, sender): Expression.parse(
                self.between(receiver, sender, "pair", digits)
            ).sympy(digits)
            for receiver in self.kinds
            for sender in self.kinds
        }

    def rollout(
        self,
        start: Recording | Recordings | Initial,
        *,
        steps: int,
        dt: float,
        every: int = 1,
        seed: int = 0,
    ) -> MatterRollout:
        """The motion from the start of recordings; see `simulate_law`."""
        return simulate_law(self.law, start, steps=steps, dt=dt, every=every, seed=seed)

    def to_json(self) -> ParsedObject:
        """As results hold it.

        `pair`, `bond`, `alignment`, `friction`, `transverse`, `polar`, the rates of turning
        `torque`, `nematic` and `steering`, and of bodies alone `self` and `turning` are texts, null
        where nothing acts so; where kinds are several `pair` is null and `pairs` has those of each
        pair of kinds, the others a list likewise, `self` and `turning` an object by kind.
        `wall` is a force, `three-body` an energy of each triple.
        """
        one = not self.law.kinds
        keys = [kind.key for kind in PairTerm.__subclasses__() if kind.key != "pair"] + ["bond"]
        document: ParsedObject = {"pair": self.between("", "", "pair") if one else None}
        document["pairs"] = self._of_kinds("pair", always=True)
        document["self"] = (
            self.alone("") if one else {kind: self.alone(kind) for kind in self.law.kinds}
        )
        turns = {kind: self.turning(kind) for kind in self.kinds}
        some = any(text != "0" for text in turns.values())
        document["turning"] = (turns[""] if one else turns) if some else None
        for key in SHAPED:
            texts = {kind: self.law.shaped_text(key, kind) for kind in self.kinds}
            there = any(text != "0" for text in texts.values())
            document[key] = (texts[""] if one else texts) if there else None
        for key in keys:
            acts = key in self.directions
            value = self.between("", "", key) if one else self._of_kinds(key)
            document[key] = value if acts else None
        document["latex"] = self.latex()
        return document

    def _of_kinds(self, key: str, *, always: bool = False) -> list[dict[str, str]]:
        return [
            {"receiver": receiver, "sender": sender, key: text}
            for receiver in self.kinds
            for sender in self.kinds
            if (text := self.between(receiver, sender, key)) != "0" or always
        ]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"MatterFormula({'; '.join(f'{n}: {t}' for n, t in self.lines())})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _written(force: PairForce, digits: int | None) -> str:
    return force.text(15 if digits is None else digits)


def _named(key: str, receiver: str, sender: str) -> str:
    return f"{key} of {sender} on {receiver}" if receiver else key


def _latex_of(alone: str, digits: int) -> str:
    def write(part: str) -> str:
        whole = Expression.parse(part).latex(digits)
        for name, angle in _ANGLES.items():
            whole = whole.replace(rf"\mathrm{{{name}}}", angle)
        return whole

    if alone.startswith("(") and alone.endswith(")") and ", " in alone:
        return rf"\left({', '.join(write(part) for part in alone[1:-1].split(', '))}\right)"
    return write(alone)
