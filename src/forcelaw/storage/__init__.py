"""Arrays, laws and runs on disk, whole or not at all."""

from forcelaw.storage.atomic_files import atomic_write, temporary_folder
from forcelaw.storage.hashes import file_hash, folder_hash
from forcelaw.storage.json_values import RESULTS_SCHEMA, ParsedObject, Record, plain
from forcelaw.storage.outputs import check_file, check_folder
from forcelaw.storage.recovery import read_results
from forcelaw.storage.resumable import carry_out, finished
from forcelaw.storage.run import Run, RunStatus, open_run, read_run

__all__ = [
    "RESULTS_SCHEMA",
    "ParsedObject",
    "Record",
    "Run",
    "RunStatus",
    "atomic_write",
    "carry_out",
    "check_file",
    "check_folder",
    "file_hash",
    "finished",
    "folder_hash",
    "open_run",
    "plain",
    "read_results",
    "read_run",
    "temporary_folder",
]
