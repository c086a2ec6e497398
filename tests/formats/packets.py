"""Packets as the kernel logs them, read."""

from typing import Any
from zoneinfo import ZoneInfo

from quetsach.formats.contract import ParsedLines
from quetsach.formats.netfilter import Netfilter

NETFILTER = Netfilter()


HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


WHEN = 1_788_225_322_000_000


HEAD = "2026-09-01T08:15:22+07:00 gw kernel: "


ENDS = "SRC=10.20.3.41 DST=203.0.113.77 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF "


TCP = "PROTO=TCP SPT=51544 DPT=443 WINDOW=64240 RES=0x00 {flags} URGP=0"


SYN = f"IN=br-lan OUT=wan {ENDS}{TCP.format(flags='SYN')}"


def parse(line: str) -> ParsedLines:
    raw = line.encode()
    return NETFILTER.parse([(0, raw)], NETFILTER.layout(raw), HANOI)


def event_of(line: str) -> dict[str, Any]:
    ((_, event),) = parse(line).events
    return dict(event)
