"""Files that people have: packed or not, in any encoding and dialect of delimited text."""

from forcelaw.files.delimited_text import SEPARATORS as SEPARATORS
from forcelaw.files.delimited_text import Lines as Lines
from forcelaw.files.delimited_text import find_separator as find_separator
from forcelaw.files.delimited_text import holds_data as holds_data
from forcelaw.files.delimited_text import split_columns as split_columns
from forcelaw.files.delimited_text import split_line as split_line
from forcelaw.files.error_words import listed as listed
from forcelaw.files.error_words import many as many
from forcelaw.files.error_words import quoted as quoted
from forcelaw.files.foreign_formats import refuse_foreign as refuse_foreign
from forcelaw.files.packed_files import PACKED as PACKED
from forcelaw.files.packed_files import container as container
from forcelaw.files.packed_files import most_unpacked as most_unpacked
from forcelaw.files.spreadsheets import spreadsheet_text as spreadsheet_text
from forcelaw.files.text_files import Content as Content
from forcelaw.files.text_files import check_path as check_path
from forcelaw.files.text_files import read_bytes as read_bytes
from forcelaw.files.text_files import read_text as read_text
from forcelaw.files.written_numbers import BadCellError as BadCellError
from forcelaw.files.written_numbers import decimal_comma as decimal_comma
from forcelaw.files.written_numbers import is_number as is_number
from forcelaw.files.written_numbers import parse_numbers as parse_numbers
from forcelaw.files.written_tables import read_rows as read_rows
from forcelaw.files.written_tables import write_rows as write_rows
