"""A person's decision on a doubtful indicator: what was decided, why, and until when it holds."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from quetsach.clocks import MICROSECONDS


class Verdict(StrEnum):
    """What is to become of an indicator that also stands on an allow-list."""

    KEEP = "keep"
    WATCH = "watch"
    DROP = "drop"


class Decision(Struct, frozen=True, gc=False, omit_defaults=True):
    """One decision; it holds until `until` and is then asked again.

    Shapes: `key` as in Indicator; `decided` and `until` ISO 8601 with offset; `by` names a role;
    `classes` are the allow classes that the decision was about.
    """

    key: str
    verdict: Verdict
    reason: str
    until: str
    decided: str
    by: str = ""
    classes: tuple[str, ...] = ()

    @property
    def until_us(self) -> int:
        """The last moment at which it holds, in us since 1970, UTC."""
        return int(datetime.fromisoformat(self.until).timestamp()) * MICROSECONDS
