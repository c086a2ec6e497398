"""A notice and its world, and how a test traces it."""

from dataclasses import replace
from typing import Any

from quetsach.notices.model import (
    Notice,
    NoticeTrace,
    RecordKind,
)
from quetsach.notices.trace import trace_notice
from quetsach.notices.world import TraceContext
from tests.oracles.notice_world import NOON, SECOND, Held, Nat

HOUR = 3_600 * SECOND
SINK = ("198.51.100.77", 443)
NOTICE = Notice(
    "n.csv",
    1,
    "203.0.113.5",
    port=40_112,
    when_us=NOON,
    remote_address=SINK[0],
    remote_port=SINK[1],
)
NAT = Nat(("10.0.0.5", 51_544), ("203.0.113.5", 40_112), SINK)
PC = Held("PC-VT-07 (00-17-A4-B2-C3-D4)", "10.0.0.5")
ALL = frozenset(RecordKind)


def traced(world: TraceContext, **changes: Any) -> NoticeTrace:
    return trace_notice(replace(NOTICE, **changes), world)
