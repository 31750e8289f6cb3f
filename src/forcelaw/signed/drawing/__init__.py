"""Nodes placed in the plane or in space for a picture; nothing is learned."""

from forcelaw.signed.drawing.force_directed import Layout, LayoutQuality, layout, layout_quality

__all__ = ["Layout", "LayoutQuality", "layout", "layout_quality"]
