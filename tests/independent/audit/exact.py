"""Exact arithmetic: whole watt-hours and fractions, no floats."""

from fractions import Fraction


class AuditError(Exception):
    """The inputs cannot be audited: what the rules refuse, or names this program does not know."""


def ceil_div(a, b):
    """The least integer not below a / b."""
    return -(-a // b)


def floor(x):
    """The greatest integer not above x, for an int or a Fraction."""
    return x if isinstance(x, int) else x.numerator // x.denominator


def ceil(x):
    """The least integer not below x, for an int or a Fraction."""
    return x if isinstance(x, int) else ceil_div(x.numerator, x.denominator)


def number(text):
    """An exact number from "12", "0.25" or "1/3"; an int where it is one."""
    if isinstance(text, (int, Fraction)) and not isinstance(text, bool):
        return text
    try:
        return int(text)
    except (TypeError, ValueError):
        pass
    try:
        value = Fraction(text)
    except (TypeError, ValueError, ZeroDivisionError):
        raise AuditError(f"{text!r} is not a number") from None
    return value.numerator if value.denominator == 1 else value


def largest_remainder(total, weights):
    """Whole parts of total in proportion to weights; leftovers by largest remainder, ties to the first listed."""
    whole = sum(weights)
    if whole <= 0 or total <= 0:
        return [0] * len(weights)
    parts, rests = [], []
    for weight in weights:
        part, rest = divmod(total * weight, whole)
        parts.append(part)
        rests.append(rest)
    left = total - sum(parts)
    if left:
        for i in sorted(range(len(weights)), key=lambda i: -rests[i])[:left]:
            parts[i] += 1
    return parts


def grams(micrograms):
    """Grams of an exact sum of micrograms, rounded up once; None stays None."""
    return None if micrograms is None else ceil(Fraction(micrograms) / 1_000_000)


def score(top, bottom):
    """Six decimals, floored; None where nothing was consumed."""
    if top is None or bottom == 0:
        return None
    millionths = top * 1_000_000 // bottom
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"
