"""Signed networks: who trusts or distrusts whom, the forces between them, signs to predict.

The public names stand in `__init__.pyi` beside this file, each imported when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
