"""`forcelaw particles`: interacting bodies."""

from __future__ import annotations

from forcelaw.cli._command import new_app

app = new_app("Particles: learn the force between bodies from their motion, read it as a formula.")
