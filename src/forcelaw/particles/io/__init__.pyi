from .data_frames import from_frame as from_frame
from .data_frames import from_tracks as from_tracks
from .data_sets import hash_files as hash_files
from .files import read as read
from .files import write as write
