"""Numbers as people read them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

_MISSING = "\N{EM DASH}"


def number(value: object, digits: int = 3) -> str:
    """A number to so many significant digits; a dash for None and nan.

    Integers are written out with commas; very large and very small numbers as powers of ten.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _MISSING if value is None else str(value)
    if isinstance(value, int):
        return _minus(f"{value:,}")
    if not math.isfinite(value):
        return _MISSING if math.isnan(value) else ("∞" if value > 0 else "\N{MINUS SIGN}∞")
    if value and not 1e-3 <= abs(value) < 1e5:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{_minus(mantissa)} \N{MULTIPLICATION SIGN} 10{_superscript(int(exponent))}"
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return _minus(f"{value:.{max(decimals, 0)}f}")


def measured_number(value: float, error: float | None) -> str:
    """A number with the digits that its standard error supports, and one more; three at least."""
    if not error or not value or not math.isfinite(error):
        return number(value, 5)
    told = math.ceil(math.log10(abs(value) / abs(error)))
    return number(value, max(3, min(12, told + 2)))


def error_of(value: float, error: float | None, digits: int = 2) -> str:
    """A standard error beside its number, with no power of ten that the number lacks."""
    if error is None or not math.isfinite(error) or not error:
        return number(error, digits)
    if not 1e-3 <= abs(value) < 1e5 or error < 1e-9:
        return number(error, digits)
    return f"{error:.{max(digits - 1 - math.floor(math.log10(error)), 0)}f}"


def with_error(value: float, error: float | None) -> str:
    """As `0.0996 ± 0.0008`: a digit of the error, and the number up to it."""
    told = error_of(value, error, 1)
    if "\N{MULTIPLICATION SIGN}" in told or not error or not math.isfinite(error):
        return f"{number(value, 4)} ± {told}"
    decimals = len(told.partition(".")[2])
    return f"{_minus(f'{value:.{decimals}f}')} ± {told}"


def share(value: float | None) -> str:
    """A part of a whole with four decimals, as the terminal has it; a dash for None."""
    return _MISSING if value is None else _minus(f"{value:.4f}")


def sentence(text: str) -> str:
    """A note with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def mean_and_spread(
    mean: float | None, spread: float | None, count: int | None, values: Sequence[object]
) -> str:
    """As `.912 ± .003`, without the spread where there is only one value.

    **Arguments:** `count` of the values that are defined; None if it was not counted.
    """
    known = len(values) if count is None else count
    several = "" if not _is_number(spread) or known == 1 else f" ± {_score(spread)}"
    return f"{_score(mean)}{several}{of_how_many(count, values)}"


def of_how_many(count: int | None, values: Sequence[object]) -> str:
    """` (3 of 5)` where some values are undefined."""
    if not count or count == len(values):
        return ""
    return f" ({count} of {len(values)})"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers, 1, 2, 2.5 or 5 times a power of ten apart, from `low` to `high`."""
    raw = (high - low) / max(count, 1)
    if not math.isfinite(raw) or raw <= 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def tick_label(value: float, all_ticks: Sequence[float]) -> str:
    """A tick's label, with as many decimals as its neighbours need."""
    top = max(map(abs, all_ticks), default=0.0)
    if top >= 1e5 or 0 < top < 1e-3:
        return number(value, 2) if value else "0"
    gaps = [b - a for a, b in itertools.pairwise(all_ticks)]
    step = min(gaps, default=1.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if round(step, decimals) != round(step, decimals + 1):
        decimals += 1
    return _minus(f"{value + 0.0:.{decimals}f}")


def finite(values: Sequence[object]) -> list[float]:
    """Those values that are finite numbers."""
    return [float(v) for v in values if isinstance(v, int | float) and math.isfinite(v)]


def _score(value: object) -> str:
    return f"{value:.3f}" if _is_number(value) else _MISSING


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _superscript(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
