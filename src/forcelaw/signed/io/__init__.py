"""Signed networks from files of every format, and public data sets."""

from forcelaw.signed.io.catalogue import DATASETS, Dataset
from forcelaw.signed.io.datasets import data_folders, dataset, fetch
from forcelaw.signed.io.formats import RatingScale, read, read_ratings
from forcelaw.signed.io.positions import write_positions

__all__ = [
    "DATASETS",
    "Dataset",
    "RatingScale",
    "data_folders",
    "dataset",
    "fetch",
    "read",
    "read_ratings",
    "write_positions",
]
