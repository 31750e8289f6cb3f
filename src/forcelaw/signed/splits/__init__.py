"""What is held out for validation and test, and splits from and to files."""

from forcelaw.signed.splits.folds import make_folds
from forcelaw.signed.splits.protocols import SignedPairs, Split, split
from forcelaw.signed.splits.settings import FOLD_SETTINGS, FoldSettings
from forcelaw.signed.splits.signed_folds import SignedFolds
from forcelaw.signed.splits.split_files import read_split, save_split
from forcelaw.signed.splits.trainable import check_trainable

__all__ = [
    "FOLD_SETTINGS",
    "FoldSettings",
    "SignedFolds",
    "SignedPairs",
    "Split",
    "check_trainable",
    "make_folds",
    "read_split",
    "save_split",
    "split",
]
