"""Shaped terms as JSON holds them."""

from __future__ import annotations

from dataclasses import asdict

from forcelaw.particles.shaped_terms.shaped_term import ShapedTerm
from forcelaw.particles.shaped_terms.three_body import Angular, AxilrodTeller
from forcelaw.particles.shaped_terms.walls import CentreWall, PlaneWall, Profile
from forcelaw.storage import ParsedObject


def write_term(term: ShapedTerm) -> ParsedObject:
    """All numbers to the last digit.

    **Raises** `TypeError` for a term that no law holds.
    """
    if not isinstance(term, Angular | AxilrodTeller | CentreWall | PlaneWall):
        raise TypeError(f"{term!r} is of no law")
    document = asdict(term)
    if isinstance(term, CentreWall):
        document["centre"] = list(term.centre)
    return {"form": type(term).__name__, **document}


def read_term(document: ParsedObject) -> ShapedTerm:
    """What `write_term` wrote."""
    values = dict(document)
    form = values.pop("form")
    if form in ("PlaneWall", "CentreWall"):
        values["profile"] = Profile(**values["profile"])
    if form == "CentreWall":
        values["centre"] = tuple(map(float, values["centre"]))
        return CentreWall(**values)
    kinds = {"PlaneWall": PlaneWall, "Angular": Angular, "AxilrodTeller": AxilrodTeller}
    return kinds[form](**values)
