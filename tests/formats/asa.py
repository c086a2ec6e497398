"""Lines of an ASA, read."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.formats.cisco_asa import CiscoAsa

ASA = CiscoAsa()


HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


WHEN = 1_788_225_322_000_000


def one(line: str, taken: int | None = None) -> dict[str, Any]:
    raw = line.encode()
    layout = replace(ASA.layout(raw), taken_us=taken)
    ((_, event),) = ASA.parse([(0, raw)], layout, HANOI).events
    return dict(event)
