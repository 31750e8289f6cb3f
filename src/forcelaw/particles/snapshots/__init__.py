"""From snapshots, one after the other, to a recording.

Each name of `__init__.pyi` is imported when it is first used: reading a file needs no more than the
snapshots.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
