"""What was found in recordings of bodies, as text and as a section of the page."""

from forcelaw.report.matter.section import force_name, matter_section, pair_lines
from forcelaw.report.matter.words import show_matter

__all__ = ["force_name", "matter_section", "pair_lines", "show_matter"]
