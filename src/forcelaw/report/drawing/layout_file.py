"""A signed network laid out, as a picture, a page to turn it, or a table of places."""

from __future__ import annotations

from pathlib import Path

from forcelaw.errors import InputError
from forcelaw.report.drawing.figure_file import network_picture
from forcelaw.report.drawing.layout_image import layout_image
from forcelaw.report.drawing.moving import turning_page
from forcelaw.signed.drawing import Layout
from forcelaw.signed.io import write_positions
from forcelaw.signed.network import SignedNetwork
from forcelaw.storage import atomic_write

_PICTURES = {".svg": 2, ".png": 2, ".html": 3}
"""By ending: the dimensions that can be drawn."""
ENDINGS = (*_PICTURES, ".csv", ".npz")
FINEST = 0.01
"""The smallest marker that can be told from its neighbours in a picture of some 500 pixels."""


def dimensions(out: Path, asked: int | None) -> int:
    """In how many dimensions a layout is made for a file, from its ending.

    **Raises** `InputError`: others were asked for than it can show.
    """
    shown = _PICTURES.get(out.suffix.lower())
    if asked is None:
        return shown or 2
    if shown not in (None, asked):
        raise InputError(
            f"{out}: found --dim {asked}, expected {shown} for a {out.suffix} file; .svg and .png "
            "show 2 dimensions, .html 3, and .csv and .npz hold either"
        )
    return asked


def write_layout(
    out: Path, network: SignedNetwork, place: Layout, *, spreadsheet_safe: bool = False
) -> str:
    """Writes the file and says what is wrong with it, if anything."""
    shown = _PICTURES.get(out.suffix.lower())
    if shown is None:
        write_positions(out, network.names, place.position, spreadsheet_safe=spreadsheet_safe)
        return ""
    # Late: whoever lists data sets does not wait for JAX.
    from forcelaw.signed.evaluation.curves import layout_curve
    from forcelaw.signed.evaluation.settings import CURVE_SETTINGS

    curve = layout_curve(network, place).to_json()
    if out.suffix.lower() == ".png":
        data = layout_image(curve)
    else:
        page = network_picture(curve) if shown == 2 else turning_page(curve, network.name)
        data = page.encode()
    atomic_write(out, data)
    most = CURVE_SETTINGS.most_nodes
    if place.marker >= FINEST or network.n_nodes <= most:
        return ""
    return (
        f"{out}: {network.n_nodes:,} nodes cannot be told apart in a picture; --nodes "
        f"{most} draws those with most edges"
    )
