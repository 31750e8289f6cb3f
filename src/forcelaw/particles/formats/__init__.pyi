from .choice import read_snapshots as read_snapshots
from .choice import tell_format as tell_format
