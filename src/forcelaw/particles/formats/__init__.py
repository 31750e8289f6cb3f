"""Formats of simulations and trackers, one a file, each read as snapshots.

Each name of `__init__.pyi` is imported when it is first used, so that the command line may ask for
the endings alone.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
