"""The fingerprints of a sweep: its tokens as keys under the secrets of units and months."""

from collections.abc import Sequence
from typing import Any

from quetsach.arrays import np
from quetsach.findings.coverage import SourceCoverage
from quetsach.fingerprints.day_files import DayPrint, write_day
from quetsach.fingerprints.month_secrets import SecretFolder
from quetsach.sieve.token_keys import token_keys
from quetsach.sweeping.token_days import FingerprintWish, TokenDays, UnitDays, UnitDayTokens


def write_fingerprints(
    wish: FingerprintWish, tokens: TokenDays, sources: Sequence[SourceCoverage]
) -> dict[str, Any]:
    """Write the fingerprints of a sweep, joined with those that are there; return what is told.

    Shapes: `unit_days`, `keys`, `incomplete` are counts.
    Errors: E327, E328 for a folder or secret that cannot be used.
    """
    secrets = SecretFolder(wish.secrets)
    written: list[DayPrint] = []
    twins = {number for number, one in enumerate(sources) if one.duplicate_of is not None}
    for (unit, span), fold in sorted(tokens.days.items(), key=_order):
        outside = fold.joined()
        first, last = (None, None) if span is None else span
        lines = {file: count for file, count in fold.lines.items() if file not in twins}
        day = DayPrint(
            unit=unit,
            first=first,
            last=last,
            lines=sum(lines.values()),
            sources=len(lines),
            keys=0,
            key_id="",
            inside=tuple(sorted(tokens.inside)),
            is_complete=fold.is_complete and outside.is_complete,
        )
        secret = secrets.secret_or_new(unit, day.month)
        keys = np.frombuffer(token_keys(outside, secret.value), np.uint64).astype(np.int64)
        written.append(write_day(wish.folder, day.under(secret.key_id), keys))
    return {
        "unit_days": len(written),
        "keys": sum(day.keys for day in written),
        "incomplete": sum(not day.is_complete for day in written),
    }


def _order(entry: tuple[UnitDays, UnitDayTokens]) -> tuple[str, str]:
    unit, span = entry[0]
    return unit, str(span)
