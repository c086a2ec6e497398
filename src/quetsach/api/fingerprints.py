"""Fingerprints of sweeps: what was seen on each day, asked about when the logs are gone."""

import errno
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from quetsach.errors.exceptions import Problem, QuetsachError, problem_json
from quetsach.fingerprints.asking import WouldMatch as WouldMatch
from quetsach.fingerprints.asking import would_hit as ask
from quetsach.fingerprints.day_files import DayPrint as DayPrint
from quetsach.fingerprints.day_files import days_in, remove_day
from quetsach.fingerprints.month_secrets import SecretFolder, is_month
from quetsach.fingerprints.month_secrets import folder_name as folder_name
from quetsach.indicators.model import Indicator
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.sweeping.sweep import SweepRequest
from quetsach.sweeping.token_days import FingerprintWish
from quetsach.texts import _


def with_fingerprints(
    request: SweepRequest, folder: Path, secrets: Path | None, unit: str = ""
) -> SweepRequest:
    """Return `request`, with the fingerprints of its evidence wanted in `folder`.

    Shapes: all evidence is of `unit`; where it is "", of the first folder below the evidence.
    Errors: E601 where no folder is named for the secrets, or one that is kept with other things.
    """
    if secrets is None:
        raise QuetsachError(
            "E601", "--fingerprints", reason=_("--fingerprint-keys DIR is not given")
        )
    apart = secrets.absolute()
    for other in (folder, request.target):
        if apart == other.absolute() or other.absolute() in apart.parents:
            reason = _("the keys must lie apart from what they open: %(folder)s") % {
                "folder": other
            }
            raise QuetsachError("E601", "--fingerprint-keys", reason=reason)
    return replace(request, fingerprints=FingerprintWish(folder, secrets, unit))


def would_hit(lists: Sequence[Path], folder: Path, secrets: Path) -> WouldMatch:
    """Return on which days of `folder` the indicators of some lists or a release would be met.

    Errors: E202 for a list, E327 for the folder, E328 for a secret, E101 where there is no folder
    of secrets: a wrong path is no deleted secret.
    """
    if not secrets.is_dir():
        raise QuetsachError("E101", str(secrets))
    read = read_lists(lists, ListOptions())
    answer = would_hit_of(read.indicators, folder, secrets)
    return replace(answer, refused=sum(reading.refused for reading in read.readings))


def listed_in(lists: Sequence[Path]) -> Sequence[Indicator]:
    """Return the indicators of some lists or a release. Errors: E202 for a list."""
    return tuple(read_lists(lists, ListOptions()).indicators)


def would_hit_of(indicators: Iterable[Indicator], folder: Path, secrets: Path) -> WouldMatch:
    """Return on which days of `folder` some indicators would be met. Errors: as `would_hit`."""
    return ask(indicators, folder, SecretFolder(secrets))


def answer_json(answer: WouldMatch) -> dict[str, Any]:
    """Return an answer as it is printed; see `WouldMatch`."""
    return {
        "indicators": answer.questions,
        "rows_refused": answer.refused,
        "unit_days_asked": len(answer.asked),
        "hits": [
            {
                **_day_json(hit.day),
                "indicators": [_indicator_json(one) for one in hit.exact],
                "in_part": [_indicator_json(one) for one in hit.in_part],
            }
            for hit in answer.hits
        ],
        "by_chance": answer.by_chance,
        "cannot_tell": {str(reason): count for reason, count in answer.cannot_tell.items()},
        "incomplete": [_day_json(day) for day in answer.incomplete],
        "forgotten": [_day_json(day) for day in answer.forgotten],
        "problems": [problem_json(problem) for problem in answer.problems],
    }


def forget(month: str, secrets: Path, unit: str | None = None) -> list[str]:
    """Delete the secrets of a month, of one unit or all; return the names of their files.

    Errors: E601 for what is no month; E328.
    """
    if not is_month(month):
        raise QuetsachError("E601", "MONTH", reason=f"{month}: 2026-09, undated")
    # Who mistypes the folder must not believe that keys are gone.
    if not secrets.is_dir():
        raise QuetsachError("E328", str(secrets), reason=os.strerror(errno.ENOENT))
    return SecretFolder(secrets).forget(month, unit)


def remove_before(folder: Path, day: date, problems: list[Problem] | None = None) -> list[DayPrint]:
    """Remove the fingerprints of days before `day`; return what they were of.

    What cannot be read, and so stays, is told in `problems`, if they are given. Errors: E327.
    """
    removed = []
    for one in list(days_in(folder, [] if problems is None else problems)):
        if one.last is not None and one.last < day:
            remove_day(folder, one)
            removed.append(one)
    return removed


def _day_json(day: DayPrint) -> dict[str, Any]:
    first, last = (None if end is None else end.isoformat() for end in (day.first, day.last))
    return {"unit": day.unit, "first": first, "last": last, "lines": day.lines}


def _indicator_json(indicator: Indicator) -> dict[str, Any]:
    return {"key": indicator.key, "kind": str(indicator.kind), "shown": indicator.shown}
