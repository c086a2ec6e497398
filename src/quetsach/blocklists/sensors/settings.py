"""A file of sensors: which programs are given a list, where their files lie, how each reloads.

[[sensor]]
name = "dns1"
kind = "unbound"                     # or bind, suricata, zeek
file = "/etc/unbound/quetsach.rpz"   # of suricata the folder of the rules and lists
zone = "rpz.quetsach.local"          # of unbound and bind
control = ["unbound-control", "-c", "/etc/unbound/unbound.conf"]
socket = "/run/suricata/suricata-command.socket"
form = "suricata-dataset"            # or suricata-rules
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

MOST_BYTES = 256 * 1024
MOST_SENSORS = 100


class SensorKind(StrEnum):
    """A program that is given lists."""

    UNBOUND = "unbound"
    BIND = "bind"
    SURICATA = "suricata"
    ZEEK = "zeek"


_CONTROL = {SensorKind.UNBOUND: ("unbound-control",), SensorKind.BIND: ("rndc",)}
_FORMS = {
    SensorKind.UNBOUND: ("rpz",),
    SensorKind.BIND: ("rpz",),
    SensorKind.SURICATA: ("suricata-dataset", "suricata-rules"),
    SensorKind.ZEEK: ("zeek",),
}


@dataclass(frozen=True)
class SensorTarget:
    """One program that is given lists.

    Shapes: `path` is its file, of Suricata the folder of rules and lists; `control` is the command
    that speaks to it, started without a shell; `socket` is Suricata's, None where nobody reloads.
    """

    name: str
    kind: SensorKind
    path: Path
    form: str
    zone: str = ""
    control: tuple[str, ...] = ()
    socket: Path | None = None


class _SensorRow(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: SensorKind
    file: str
    form: str = ""
    zone: str = ""
    control: tuple[str, ...] = ()
    socket: str = ""


class _Rows(msgspec.Struct, forbid_unknown_fields=True):
    sensor: tuple[_SensorRow, ...] = ()
    belt: tuple[str, ...] = ()


@dataclass(frozen=True)
class SensorFile:
    """The sensors that a file names, in its order, and the files of what is never listed."""

    sensors: tuple[SensorTarget, ...]
    belt: tuple[Path, ...] = ()


def read_sensors(text: str, where: str) -> SensorFile:
    """Return what a file of sensors says.

    Errors: E239 with what is wrong in it: no TOML, an unknown key, a name given twice.
    """
    try:
        table: dict[str, Any] = tomllib.loads(text)
        file = msgspec.convert(table, _Rows)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise QuetsachError("E239", where, reason=str(error)[:200]) from error
    rows = file.sensor
    if not rows or len(rows) > MOST_SENSORS:
        raise QuetsachError("E239", where, reason=_("it names no sensor, or too many"))
    names = [written.name for written in rows]
    for written in rows:
        flaw = _flaw(written, names)
        if flaw:
            raise QuetsachError("E239", where, reason=f"{written.name[:60]}: {flaw}")
    if not all(Path(one).is_absolute() for one in file.belt):
        raise QuetsachError("E239", where, reason=_("paths begin with /"))
    return SensorFile(tuple(map(_sensor, rows)), tuple(map(Path, file.belt)))


def _flaw(written: _SensorRow, names: list[str]) -> str:
    """Return what is wrong with a row, "" for nothing."""
    if not written.name or names.count(written.name) > 1:
        return _("each sensor needs a name of its own")
    if not Path(written.file).is_absolute() or (
        written.socket and not Path(written.socket).is_absolute()
    ):
        return _("paths begin with /")
    if written.form and written.form not in _FORMS[written.kind]:
        return _("its form is one of: %(forms)s") % {"forms": ", ".join(_FORMS[written.kind])}
    if written.kind in _CONTROL and not written.zone:
        return _("a resolver needs the name of its zone")
    if not all(written.control or ("",)) and written.control:
        return _("its control command has an empty part")
    return ""


def _sensor(written: _SensorRow) -> SensorTarget:
    return SensorTarget(
        written.name,
        written.kind,
        Path(written.file),
        written.form or _FORMS[written.kind][0],
        written.zone.rstrip("."),
        written.control or _CONTROL.get(written.kind, ()),
        Path(written.socket) if written.socket else None,
    )
