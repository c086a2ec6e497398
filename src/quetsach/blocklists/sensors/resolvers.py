"""Unbound and BIND: a zone read again, and whether the one that is served is the new one.

Both are believed by the serial that they say they serve: of a zone that cannot be read Unbound
keeps nothing, and BIND, which answers before it has read, keeps the old one (seen of 1.17, 9.18).
Source: unbound-control(8), auth_zone_reload and list_auth_zones; rndc(8), reload and zonestatus.
"""

import re
import subprocess
import time

from quetsach.blocklists.sensors.settings import SensorKind, SensorTarget

LONGEST_S = 30
"""How long one command may take, in seconds."""

PATIENCE_S, PAUSE_S = 5.0, 0.1
"""How long BIND is asked whether it has read the zone, and the time between two questions."""

_SERIAL = re.compile(r"serial:? (\d{1,10})\b")


class ReloadError(Exception):
    """A program did not take its list; the message says what it said."""


def reload_zone(sensor: SensorTarget, serial: int, patience_s: float = PATIENCE_S) -> None:
    """Let a resolver read its zone again. Errors: ReloadError where it does not serve `serial`."""
    read_zone_again(sensor)
    until = time.monotonic() + (patience_s if sensor.kind is SensorKind.BIND else 0)
    while (served := serial_of(sensor)) != serial:
        if time.monotonic() >= until:
            raise ReloadError(f"serial {served} is served, not {serial}")
        time.sleep(PAUSE_S)


def read_zone_again(sensor: SensorTarget) -> None:
    """Tell a resolver to read its zone again. Errors: ReloadError with what it says."""
    act = "auth_zone_reload" if sensor.kind is SensorKind.UNBOUND else "reload"
    _told(sensor, act, sensor.zone)


def serial_of(sensor: SensorTarget) -> int | None:
    """Return the serial of the zone that is served, None where none is. Errors: ReloadError."""
    if sensor.kind is SensorKind.BIND:
        return _serial_in(_told(sensor, "zonestatus", sensor.zone))
    for line in _told(sensor, "list_auth_zones").splitlines():
        name, _, rest = line.partition("\t")
        if name.rstrip(".").lower() == sensor.zone.lower():
            return _serial_in(rest)
    return None


def _serial_in(text: str) -> int | None:
    match = _SERIAL.search(text)
    return None if match is None else int(match[1])


def _told(sensor: SensorTarget, *words: str) -> str:
    """Return what the control command answers. Errors: ReloadError with its words."""
    command = [*sensor.control, *words]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=LONGEST_S, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReloadError(f"{command[0]}: {error}") from error
    answer = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace").strip()
    if done.returncode:
        raise ReloadError(" ".join(answer.split())[:300] or f"{command[0]}: {done.returncode}")
    return answer
