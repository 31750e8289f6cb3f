"""Photographs reports for the documentation: light, dark, and at the width of a phone.

The runs are those of the tutorial on argon, of the command below, and of a signed network. Needs
Playwright, a Chromium, and Pillow.

forcelaw particles discover charge --bodies 6 --dim 2 --trajectories 200 --seed 1 --out charge
forcelaw signed fit bitcoin-alpha --protocol pairs --out trust
python docs/scripts/make_report_pictures.py argon charge trust
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "pictures"
COLOURS = 256
"""Of a picture: files stay below 200 kB."""
WIDE, PHONE = (1080, 1250), (390, 1250)
SHOTS = {
    "report": ("argon", "light", WIDE, None),
    "reports/particles-dark": ("argon", "dark", WIDE, None),
    "reports/particles-phone": ("charge", "light", PHONE, None),
    "reports/particles-evidence": ("charge", "light", WIDE, "The force"),
    "reports/signed-light": ("trust", "light", WIDE, None),
    "reports/signed-dark": ("trust", "dark", WIDE, "Suspects and why"),
    "reports/signed-phone": ("trust", "light", PHONE, None),
}
"""Of each picture: the run, the colours, the size, and the heading that stands at the top."""


def main(argon: Path, charge: Path, trust: Path) -> None:
    """Takes all pictures of the reports in these runs."""
    reports = {"argon": argon, "charge": charge, "trust": trust}
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as running:
        window = running.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, (run, colours, (width, height), heading) in SHOTS.items():
            page = window.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if colours == "dark" else "light",
            )
            page.goto((reports[run].absolute() / "report.html").as_uri())
            _write(_photograph(page, heading), PICTURES / f"{name}.png")
            page.close()
        window.close()


def _photograph(page: Page, heading: str | None) -> bytes:
    """The page in the middle of its motion, from a heading on."""
    for slider in page.locator(".motion input").all():
        slider.fill(str(int(slider.get_attribute("max") or 0) // 2))
        slider.blur()
    page.evaluate("scrollTo(0, 0)")
    if heading is not None:
        page.get_by_role("heading", name=heading, exact=True).evaluate(
            "node => scrollTo(0, node.getBoundingClientRect().top - 20)"
        )
    page.wait_for_timeout(1500)
    return page.screenshot()


def _write(content: bytes, path: Path) -> None:
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.name, f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
