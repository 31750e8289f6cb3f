"""forcelaw learns the force law along the edges of a graph, simulates it, and reads it off.

`import forcelaw as fl`: the engine (`fl.Graph`, `fl.Law`, `fl.rollout`, `fl.Stage`, `fl.train`,
`fl.save`, `fl.load`) and its two applications, `fl.particles` and `fl.signed`.

The public names stand in `__init__.pyi` beside this file. Each is imported when it is first used,
so that commands which do not compute do not wait for JAX.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = "0.2.0"
