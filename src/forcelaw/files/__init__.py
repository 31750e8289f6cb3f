"""Files that people have: packed or not, in any encoding and dialect of delimited text."""

from ._delimited import SEPARATORS as SEPARATORS
from ._delimited import Lines as Lines
from ._delimited import find_separator as find_separator
from ._delimited import holds_data as holds_data
from ._delimited import split_columns as split_columns
from ._delimited import split_line as split_line
from ._foreign import refuse_foreign as refuse_foreign
from ._numbers import BadCellError as BadCellError
from ._numbers import decimal_comma as decimal_comma
from ._numbers import is_number as is_number
from ._numbers import parse_numbers as parse_numbers
from ._spreadsheet import spreadsheet_text as spreadsheet_text
from ._text import Content as Content
from ._text import check_path as check_path
from ._text import read_bytes as read_bytes
from ._text import read_text as read_text
from ._unpack import PACKED as PACKED
from ._words import listed as listed
from ._words import many as many
from ._words import quoted as quoted
