"""What was found in recordings of bodies, as text and as a section of the page."""

from forcelaw.report.matter.section import matter_section
from forcelaw.report.matter.words import show_matter

__all__ = ["matter_section", "show_matter"]
