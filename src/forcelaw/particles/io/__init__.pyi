from .data_frames import from_frame as from_frame
from .data_frames import from_tracks as from_tracks
from .files import read as read
from .files import write as write
