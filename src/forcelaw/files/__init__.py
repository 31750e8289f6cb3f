"""Files that people have: packed or not, in any encoding and dialect of delimited text."""

from forcelaw.files._delimited import SEPARATORS as SEPARATORS
from forcelaw.files._delimited import Lines as Lines
from forcelaw.files._delimited import find_separator as find_separator
from forcelaw.files._delimited import holds_data as holds_data
from forcelaw.files._delimited import split_columns as split_columns
from forcelaw.files._delimited import split_line as split_line
from forcelaw.files._foreign import refuse_foreign as refuse_foreign
from forcelaw.files._numbers import BadCellError as BadCellError
from forcelaw.files._numbers import decimal_comma as decimal_comma
from forcelaw.files._numbers import is_number as is_number
from forcelaw.files._numbers import parse_numbers as parse_numbers
from forcelaw.files._spreadsheet import spreadsheet_text as spreadsheet_text
from forcelaw.files._text import Content as Content
from forcelaw.files._text import check_path as check_path
from forcelaw.files._text import read_bytes as read_bytes
from forcelaw.files._text import read_text as read_text
from forcelaw.files._unpack import PACKED as PACKED
from forcelaw.files._words import listed as listed
from forcelaw.files._words import many as many
from forcelaw.files._words import quoted as quoted
