"""The columns of an edge list: names of nodes, signs or ratings, times."""

from forcelaw.signed.columns.cells import Cells, Roles
from forcelaw.signed.columns.edge_table import WIDEST, Table, parse_table, table_of
from forcelaw.signed.columns.header import roles_of_header
from forcelaw.signed.columns.rating_column import Ratings

__all__ = [
    "WIDEST",
    "Cells",
    "Ratings",
    "Roles",
    "Table",
    "parse_table",
    "roles_of_header",
    "table_of",
]
