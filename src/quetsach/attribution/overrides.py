"""What a person decided about whose an address was: one file that only grows, beside the evidence.

A correction never replaces what the evidence says; a result shows both.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from quetsach.addresses import canonical_address
from quetsach.attribution.steady import ALWAYS, Period, between
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import QuetsachError
from quetsach.inventory.cells import mac_of
from quetsach.texts import _

MOST_BYTES = 64 * 1024 * 1024
LONGEST_TEXT = 2_000


class Override(Struct, frozen=True, omit_defaults=True):
    """One correction: `device` was behind an address or a hardware address from `since` to `until`.

    Shapes: `device` "" takes back the correction before it for the same address; `since` (in the
    file: `from`), `until` and `at` ISO 8601 with offset, "" for no bound, the end not included;
    `by` names a desk or role, never a person. `number` is the line in its file, 0 for one not read.
    """

    device: str
    reason: str
    at: str
    address: str = ""
    mac: str = ""
    since: str = msgspec.field(default="", name="from")
    until: str = ""
    by: str = ""
    number: int = 0

    @property
    def since_us(self) -> int | None:
        """The first moment at which it holds, in us since 1970, UTC; None for no bound."""
        return _us(self.since)

    @property
    def until_us(self) -> int | None:
        """The moment from which on it no longer holds, in us; None for no bound."""
        return _us(self.until)

    def holds_at(self, when_us: int | None) -> bool:
        """Return whether it holds at a time; at an unknown one only without any bound."""
        since, until = self.since_us, self.until_us
        if when_us is None:
            return since is None and until is None
        return (since is None or since <= when_us) and (until is None or when_us < until)


class Overrides:
    """Answers what a person decided for an address or hardware address at a time."""

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        self.all = tuple(overrides)
        self._by: dict[str, list[Override]] = defaultdict(list)
        for one in self.all:
            for subject in {one.address, one.mac} - {""}:
                self._by[subject].append(one)

    def for_(self, address: str, when_us: int | None, mac: str = "") -> Override | None:
        """Return the last matching correction in the file, or None.

        One that names an address and a hardware address asks for both.
        """
        shortest = canonical_address(address) or address
        matching: list[Override] = [
            one
            for subject in {shortest, mac} - {""}
            for one in self._by.get(subject, ())
            if one.holds_at(when_us) and one.address in ("", shortest) and one.mac in ("", mac)
        ]
        last = max(matching, key=lambda one: one.number, default=None)
        return None if last is None or not last.device else last

    def addresses(self) -> Iterator[str]:
        """Yield each address that a correction names, in its shortest form."""
        return (one.address for one in self.all if one.address)

    def macs(self) -> Iterator[str]:
        """Yield each hardware address that a correction names."""
        return (one.mac for one in self.all if one.mac)

    def steady(self, address: str, when_us: int | None, mac: str = "") -> Period:
        """Return a period around `when_us` in which `for_` answers the same at all times."""
        if when_us is None:
            return ALWAYS
        shortest = canonical_address(address) or address
        found = (one for subject in {shortest, mac} - {""} for one in self._by.get(subject, ()))
        return between(
            (border for one in found for border in (one.since_us, one.until_us)), when_us
        )


def read_overrides(path: Path) -> Overrides:
    """Return the corrections of the file `path`; none where there is no file.

    Errors: E264 for a file or line that is not sound.
    """
    if not path.exists():
        return Overrides()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise QuetsachError("E264", str(path), reason=f"> {MOST_BYTES:,} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError("E264", str(path), reason=error.strerror or str(error)) from error
    return Overrides(_lines(raw, path))


def append_override(path: Path, override: Override) -> Override:
    """Write a correction behind those in the file `path`, and return it as it was written.

    Errors: E265 for one that is not sound, or a file that cannot be written.
    """
    checked = _sound(override, "E265", str(path))
    line = msgspec.json.encode(msgspec.structs.replace(checked, number=0)) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise QuetsachError("E265", str(path), reason=error.strerror or str(error)) from error
    return checked


def _lines(raw: bytes, path: Path) -> Iterator[Override]:
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            where = f"{path}:{number}"
            try:
                one = msgspec.json.decode(line, type=Override)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise QuetsachError("E264", where, reason=str(error)) from error
            yield msgspec.structs.replace(_sound(one, "E264", where), number=number)


def _sound(override: Override, code: str, where: str) -> Override:
    """Return a correction in the one form of its addresses; raise what is wrong with it."""
    address, mac = canonical_address(override.address), mac_of(override.mac)
    reason = ""
    if not (override.address or override.mac):
        reason = _("it names no address and no hardware address")
    elif (override.address and address is None) or (override.mac and mac is None):
        reason = _("its address or hardware address cannot be read")
    elif not override.reason.strip():
        reason = _("it gives no reason")
    elif max(map(len, (override.device, override.reason, override.by))) > LONGEST_TEXT:
        reason = _("it is too long")
    else:
        reason = _time_fault(override)
    if reason:
        raise QuetsachError(code, where, reason=reason)
    return msgspec.structs.replace(override, address=address or "", mac=mac or "")


def _time_fault(one: Override) -> str:
    try:
        since, until = one.since_us, one.until_us
        at = _us(one.at)
    except (ValueError, OverflowError):
        return _("a time of it is not ISO 8601 with an offset")
    if at is None:
        return _("it does not say when it was decided")
    if since is not None and until is not None and since >= until:
        return _("it ends before it begins")
    return ""


def _us(text: str) -> int | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return round(moment.timestamp() * MICROSECONDS)
