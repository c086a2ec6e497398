"""Signs of life of the workers: files in the home, whose times are those of the last beat."""

import os
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

FOLDER = "beats"
EVERY_S = 5.0
SILENT_S = 120.0
"""A worker beats each few seconds, and each 15 while a long job runs."""

_last: dict[Path, float] = {}


def beat(lane: str) -> None:
    """Say that a worker of `lane` is alive; it needs no database."""
    place = Path(settings.QUETSACH.home) / FOLDER / lane
    if time.monotonic() - _last.get(place, -EVERY_S) < EVERY_S:
        return
    _last[place] = time.monotonic()
    with suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.touch(mode=0o600)
        os.utime(place)


def ages() -> dict[str, float]:
    """Return the seconds since the last beat of each lane; a lane that never beat is missing."""
    places = (Path(settings.QUETSACH.home) / FOLDER).glob("*")
    return {place.name: max(0.0, time.time() - place.stat().st_mtime) for place in sorted(places)}


def state_of_workers() -> str:
    """Return "ok", "silent" where a lane's last beat is too old, "never seen" without any.

    One worker of all lanes, or one of each, is enough, whatever ran here before.
    """
    last = ages()
    if not last:
        return "never seen"
    fresh = {lane for lane, age in last.items() if age <= SILENT_S}
    return "ok" if "all" in fresh or {"light", "heavy"} <= fresh else "silent"
