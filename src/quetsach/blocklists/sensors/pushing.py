"""A release given to each sensor: files moved in, the program told, put back where that fails."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quetsach.blocklists.contract import Mode
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.outputs.zeek import KEPT, with_withdrawn
from quetsach.blocklists.sensors.moving import MovedFiles
from quetsach.blocklists.sensors.resolvers import (
    PATIENCE_S,
    ReloadError,
    read_zone_again,
    reload_zone,
    serial_of,
)
from quetsach.blocklists.sensors.settings import SensorKind, SensorTarget
from quetsach.blocklists.sensors.suricata import changes_of, reload_rules, tell_changes
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

RESOLVERS = frozenset({SensorKind.UNBOUND, SensorKind.BIND})
_ENTRIES = re.compile(r"^[#;] (\d{1,9}) entries;", re.MULTILINE)


class PushState(StrEnum):
    """What became of a list at one sensor."""

    LOADED = "loaded"
    """It is there, and the program says that it uses it."""
    MOVED = "moved"
    """It is there; the program reads it by itself, or nobody tells it."""
    REFUSED = "refused"
    """It is empty, or lost more than half: the old one stays."""
    FAILED = "failed"
    """The program did not take it: the old one was put back."""


@dataclass(frozen=True)
class PushResult:
    """What became of a list at one sensor.

    Shapes: `entries` and `before` count what the new and the old list hold, `before` None where
    there was none; `detail` says what the program said, or how it was told.
    """

    name: str
    kind: SensorKind
    state: PushState
    entries: int
    before: int | None
    detail: str = ""

    @property
    def is_in_use(self) -> bool:
        """Whether the new list is where it belongs."""
        return self.state in (PushState.LOADED, PushState.MOVED)


def push(
    sensor: SensorTarget,
    release: ConvertedRelease,
    *,
    accept_less: bool = False,
    patience_s: float = PATIENCE_S,
) -> PushResult:
    """Give `release` to a sensor. What it only watches for is given; a list that blocks never is.

    A list that is empty, or has less than half of the old one, is refused unless `accept_less`.
    """
    assert release.about.mode is Mode.WATCH
    moved, entries = MovedFiles(), release.about.taken
    before: int | None = None

    def result(state: PushState, detail: str = "") -> PushResult:
        return PushResult(sensor.name, sensor.kind, state, entries, before, detail)

    try:
        serial = _serial_above(sensor, release)
        files = _files_of(sensor, release, serial)
        old_texts = {path: moved.read(path) for path in files}
        before = _entries_in(old_texts)
        if not accept_less and (not entries or 2 * entries < (before or 0)):
            return result(PushState.REFUSED, _("the list is empty or lost more than half"))
        if sensor.kind is SensorKind.ZEEK:
            files = {path: with_withdrawn(text, old_texts[path]) for path, text in files.items()}
        moved.move(files)
        told = _tell(sensor, serial, moved, files, patience_s)
    except (QuetsachError, ReloadError) as error:
        return result(PushState.FAILED, str(error))
    return result(PushState.LOADED if told else PushState.MOVED, told)


def _serial_above(sensor: SensorTarget, release: ConvertedRelease) -> int:
    """Return a serial that is higher than what a resolver serves. Errors: ReloadError."""
    served = serial_of(sensor) if sensor.kind in RESOLVERS else None
    return max(release.about.serial, 0 if served is None else served + 1)


def _tell(
    sensor: SensorTarget,
    serial: int,
    moved: MovedFiles,
    files: Mapping[Path, str],
    patience_s: float,
) -> str:
    """Return how a program was told of its new files, "" where nobody tells it.

    Errors: ReloadError where it refuses; then the old files are back, and it was told once more.
    """
    try:
        if sensor.kind in RESOLVERS:
            reload_zone(sensor, serial, patience_s)
            return f"serial {serial}"
        if sensor.socket is not None:
            return _tell_suricata(sensor.socket, moved, files)
    except ReloadError:
        moved.put_back()
        with suppress(ReloadError):
            if sensor.socket is not None:
                reload_rules(sensor.socket)
            elif any(held is not None for held in moved.before.values()):
                read_zone_again(sensor)
        raise
    return ""


def _tell_suricata(path: Path, moved: MovedFiles, files: Mapping[Path, str]) -> str:
    before = {one.name: (held or b"").decode() for one, held in moved.before.items()}
    changes = changes_of(before, {one.name: text for one, text in files.items()})
    if changes is not None:
        # Refused is a set that it does not have, or each by an older version.
        with suppress(ReloadError):
            tell_changes(path, changes)
            return _("%(count)s changes by its socket") % {"count": len(changes)}
    reload_rules(path)
    return _("rules are read again")


def _files_of(sensor: SensorTarget, release: ConvertedRelease, serial: int) -> dict[Path, str]:
    if sensor.kind is SensorKind.SURICATA:
        return {sensor.path / name: text for name, text in release.files.items()}
    (text,) = release.files.values()
    if sensor.kind in RESOLVERS:
        soa = "IN SOA localhost. nobody.invalid. "
        text = text.replace(f"{soa}{release.about.serial} ", f"{soa}{serial} ", 1)
    return {sensor.path: text}


def _entries_in(held: dict[Path, str]) -> int | None:
    """Return how many entries these files hold, None where they are not there."""
    texts = [text for text in held.values() if text]
    if not texts:
        return None
    for text in texts:
        found = _ENTRIES.search(text[:4096])
        if found is not None:
            return int(found[1])
    return sum(line.endswith(f"\t{KEPT}") for text in texts for line in text.splitlines())
