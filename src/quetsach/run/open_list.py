"""The part of a release that anybody may have, false alarms left out."""

from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.indicators.decisions import decided
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.moments import us_now, us_of
from quetsach.indicators.open_list import OpenList, open_list
from quetsach.indicators.release import read_release
from quetsach.run.decisions import decisions_in

NOTHING_OPEN = open_list(IndicatorSet(()), 0, made_us=0)
"""Of a campaign that has no list yet."""


def open_indicators(path: Path, *, decisions: Path | None = None) -> OpenList:
    """Return what may be shown to everybody now of the release in the file `path`.

    Errors: E220 where it is none; E226 for the decisions; E237 for the disk.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError("E237", str(path), reason=error.strerror or str(error)) from error
    release = read_release(raw, path.name)
    kept, _dropped = decided(release.indicator_set, decisions_in(decisions))
    made_us = us_of(release.created) or 0
    return open_list(kept, us_now(), made_us=made_us, title=release.title)
