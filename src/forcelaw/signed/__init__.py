"""Signed networks: reading them, splitting them, and the baseline every method has to beat."""

from ._files import read as read
from ._network import SignedNetwork as SignedNetwork
from ._network import check_trainable as check_trainable
