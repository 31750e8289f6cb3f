from .assembly import assemble as assemble
from .snapshot import Snapshot as Snapshot
from .snapshot import Source as Source
from .snapshot import bonds_both_ways as bonds_both_ways
