"""How balanced a network is: triangles, closed walks and frustration, each beside chance."""

from forcelaw.signed.structural_balance.measures import balance
from forcelaw.signed.structural_balance.null_models import Null
from forcelaw.signed.structural_balance.result import Balance, NullModel
from forcelaw.signed.structural_balance.triangles import Triangles
from forcelaw.signed.structural_balance.walks import Walks

__all__ = ["Balance", "Null", "NullModel", "Triangles", "Walks", "balance"]
