"""What the columns of a table are, told by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forcelaw.errors import suggest, unreadable
from forcelaw.files import SEPARATORS, is_number, many, split_line
from forcelaw.laws import SHORT_NAMES
from forcelaw.particles.io.trackers import of_tracker

AXES = ("x", "y", "z")
KEYS = ("trajectory", "time", "body")
_MOST = 1000
"""Columns; a longer table has bodies side by side."""
_LONGEST = 200
"""Characters of a name."""
_LABELS = {
    "trajectory": "traj sim simulation run trial episode recording replicate",
    "time": "t frame step timestep timepoint",
    "body": "particle id name agent atom object track bodyid particleid trackid agentid objectid",
}
_HEADINGS = ("heading", "theta", "orientation")
"""Names of the angle, in radians, in which a body points."""
_MOTION = {"": "pos position", "v": "vel velocity", "a": "acc acceleration"}
_KNOWN = {"mass": "mass", "charge": "charge"} | SHORT_NAMES
"""Attributes that mean the same in any spelling, and by the letter that formulas have for them."""
_COUNTED = ("frame", "step", "timestep", "timepoint")
"""Names of times that are counted, not measured."""


def _roles() -> dict[str, str]:
    """The role of every name, in small letters, without spaces and underscores."""
    roles = {alias: role for role, text in _LABELS.items() for alias in text.split()}
    roles |= {role: role for role in KEYS}
    roles |= dict.fromkeys(_HEADINGS, "heading")
    for letter, words in _MOTION.items():
        for axis in AXES:
            roles[letter + axis] = letter + axis
            for word in words.split():
                roles |= {word + axis: letter + axis, axis + word: letter + axis}
    return roles


_ROLES = _roles()
TEXT_KINDS = ("type", "kind", "species", "element", "class", "symbol")
"""Names, in small letters, of columns that tell kinds where they hold text."""
_INDEX = "__index_level_"
"""How pandas names an index in Parquet."""
_LONGEST_ROLE = 64
"""Characters of a name that may say a role; comparing longer ones takes long."""


def role_of(name: str) -> str | None:
    """What a column called `name` holds of motion; None for an attribute.

    Small and capital letters, underscores and a unit in brackets make no difference.
    """
    return _ROLES.get(_bare(name)) if len(name) <= _LONGEST_ROLE else None


@dataclass(frozen=True)
class Header:
    """The columns of a table by what they hold."""

    names: tuple[str, ...]
    roles: dict[str, int]
    """The column of every role that is given: `trajectory`, `time`, `body`, `x`, `vx`, ..."""
    attributes: dict[str, int]
    notes: tuple[str, ...]
    kinds: int | None = None
    """The column that tells the kinds of bodies, if one does."""

    @classmethod
    def of(
        cls, names: Sequence[str], place: Any, line: int | None = None, species: str | None = None
    ) -> Header:
        """The header of these names, of which `species` tells the kinds.

        **Raises** `InputError` for roles that are missing, or that two columns could play.
        """
        names = tuple(name.strip() for name in names)
        if len(names) > _MOST:
            raise unreadable(
                place,
                line,
                found=many(len(names), "column"),
                expected="a row for each body at each time",
                then="write the columns trajectory,time,body,x,y one body below the other",
            )
        kinds = None if species is None else column_of(species, names, place, line)
        tracker = of_tracker(names)
        if tracker is not None:
            header = cls(names, tracker.roles, {}, tracker.notes, kinds)
            return replace(header, notes=(*header.notes, *header._units()))
        notes = []
        roles: dict[str, int] = {}
        attributes: dict[str, int] = {}
        for index, given in enumerate(names):
            if index == kinds or given.startswith(_INDEX):
                continue
            name = _KNOWN.get(_bare(given), given)
            if index == 0 and name in ("", "Unnamed: 0") and len(names) > len(KEYS):
                notes.append("the first column has no name and is left aside")
                continue
            role = role_of(name)
            trouble = _trouble(name, role, index, names, roles, attributes)
            if trouble:
                raise unreadable(
                    place,
                    line,
                    found=trouble,
                    expected="names that differ",
                    then="rename or remove one of them",
                )
            if role is None:
                attributes[name] = index
            else:
                roles[role] = index
        header = cls(names, roles, attributes, ())
        header._check(place, line)
        said = {role: names[roles[role]] for role in KEYS if role in roles}
        said |= {name: names[index] for name, index in attributes.items()}
        other = [
            f"{name!r} is the {role}" for role, name in said.items() if name.lower() != role.lower()
        ]
        if other:
            notes.append(f"columns: {', '.join(other)}")
        return cls(names, roles, attributes, (*notes, *header._units()), kinds)

    def _units(self) -> tuple[str, ...]:
        if not self.counted:
            return ()
        return ("times are counted in frames: velocities are lengths per frame",)

    def _check(self, place: Any, line: int | None) -> None:
        needed = ("time", "body", *AXES[: 2 if "z" in self.roles else 1])
        for role in needed:
            if role not in self.roles:
                nearest = suggest(role, self.names)
                hint = f"; {nearest}" if nearest.startswith("did") else ""
                shown = ", ".join(name[:30] for name in self.names[:20])
                bare = any(map(is_number, self.names))
                raise unreadable(
                    place,
                    line,
                    found=f"{'no header but' if bare else 'the columns'} {shown}",
                    expected=f"a column {role!r}",
                    then=f"name the columns trajectory,time,body,x[,y[,z]][,vx[,vy[,vz]]]{hint}",
                )
        for key, given in self.components.items():
            wanted = [key[:1] * (key != "position") + axis for axis in AXES if axis in self.roles]
            if given != wanted:
                moving = [self.names[self.roles[role]] for role in self.roles if role not in KEYS]
                raise unreadable(
                    place,
                    line,
                    found=f"the columns {', '.join(moving)}",
                    expected=f"{', '.join(wanted)} or none of them",
                    then="add or remove columns",
                )

    @property
    def counted(self) -> bool:
        """Whether times are numbers of frames."""
        return _bare(self.names[self.roles["time"]]) in _COUNTED

    @property
    def components(self) -> dict[str, list[str]]:
        """Roles of the components of position and, if given, velocity and acceleration."""
        parts = {"position": "", "velocity": "v", "acceleration": "a"}
        found = {k: [p + a for a in AXES if p + a in self.roles] for k, p in parts.items()}
        return {key: roles for key, roles in found.items() if roles}

    @property
    def numeric(self) -> list[int]:
        """All columns that hold numbers: neither labels nor left aside."""
        labels = self.labelled.values()
        known = (*self.roles.values(), *self.attributes.values())
        return sorted(index for index in known if index not in labels)

    @property
    def labelled(self) -> dict[str, int]:
        """The columns that hold names: of `trajectory`, `body` and `species`."""
        found = {key: self.roles[key] for key in ("trajectory", "body") if key in self.roles}
        return found if self.kinds is None else {**found, "species": self.kinds}

    def with_kinds(self, index: int) -> Header:
        """The same, with kinds told by a column that was an attribute."""
        left = {name: k for name, k in self.attributes.items() if k != index}
        note = f"{self.names[index]!r} tells the kinds of bodies"
        return replace(self, attributes=left, kinds=index, notes=(*self.notes, note))

    def with_text_kinds(self, rows: Iterable[Sequence[str]]) -> Header:
        """The same, with kinds told by a column called so, if its first rows are all text."""
        some = [] if self.kinds is not None else list(rows)
        for name, index in self.attributes.items():
            cells = [row[index].strip().replace(",", ".") for row in some if index < len(row)]
            text = cells and all(cell and not is_number(cell) for cell in cells)
            if text and name.lower() in TEXT_KINDS:
                return self.with_kinds(index)
        return self


def column_of(name: str, names: Sequence[str], place: Any, line: int | None) -> int:
    """The index of a column that was named.

    **Raises** `InputError` where there is none of that name.
    """
    if name not in names:
        raise unreadable(
            place,
            line,
            found=f"no column {name!r}",
            expected="one that tells the kinds of bodies",
            then=suggest(name, names),
        )
    return list(names).index(name)


def known_names(line: str) -> int:
    """How many cells of a line are names of known columns."""
    return sum(role_of(cell) is not None for cell in split_header(line)[1])


def split_header(line: str) -> tuple[str | None, list[str]]:
    """The separator with which most names are known, and the names."""
    choices = [(separator, split_line(line, separator)) for separator in SEPARATORS]
    return max(
        choices, key=lambda choice: (len(set(map(role_of, choice[1])) - {None}), len(choice[1]))
    )


def _trouble(
    name: str,
    role: str | None,
    index: int,
    names: Sequence[str],
    roles: Mapping[str, int],
    attributes: Mapping[str, int],
) -> str | None:
    """What is wrong with a name beside those before it."""
    if not name:
        return "a column without a name"
    if len(name) > _LONGEST:
        return f"a column called {name[:20]!r}... of {len(name):,} characters"
    known = roles.get(role or "")
    known = attributes.get(name) if known is None else known
    if known is None:
        return None
    same, given = names[known], names[index]
    if same == given:
        return f"the column {given!r} twice"
    return f"the columns {same!r} and {given!r}, either of which could be the {role or name}"


def _bare(name: str) -> str:
    """The name in lower case, without separators and without a unit in brackets at its end."""
    bare = name.strip()
    if bare.endswith(("]", ")")):
        # Not by a pattern: of many open brackets it would try each to the end.
        bare = re.split(r"[\[(]", bare, maxsplit=1)[0]
    return re.sub(r"[\s_.]", "", bare).lower()
