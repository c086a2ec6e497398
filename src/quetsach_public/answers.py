"""What is said of an address: one of four plain answers, and never that a machine is infected."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from quetsach_public.addresses import Caller, is_inside_address
from quetsach_public.table import Seen, Table


class Kind(StrEnum):
    """The four answers."""

    NOT_SEEN = "not-seen"
    SEEN = "seen"
    CANNOT_TELL = "cannot-tell"
    TOO_OLD = "too-old"


class Why(StrEnum):
    """Why it cannot be told."""

    SHARED = "shared"
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"
    UNREADABLE = "unreadable"


class Age(StrEnum):
    """How long ago an address was last seen; lines change hands, so old news weigh less."""

    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"


class Answer(NamedTuple):
    """The answer with what it rests on; `seen` and `age` where it is SEEN, `why` where not told."""

    kind: Kind
    why: Why | None = None
    seen: Seen | None = None
    age: Age | None = None


_TOO_OLD, _NOT_SEEN = Answer(Kind.TOO_OLD), Answer(Kind.NOT_SEEN)
_CANNOT_TELL = {why: Answer(Kind.CANNOT_TELL, why) for why in Why}


def answer(table: Table | None, caller: Caller | None, now: datetime) -> Answer:
    """Return what `table` says of `caller` at `now` (with offset)."""
    if table is None or now >= table.valid_until:
        return _TOO_OLD
    if caller is None:
        return _CANNOT_TELL[Why.UNREADABLE]
    if is_inside_address(caller):
        return _CANNOT_TELL[Why.INSIDE]
    if table.is_shared(caller):
        return _CANNOT_TELL[Why.SHARED]
    seen = table.seen(caller)
    if seen is not None:
        return Answer(Kind.SEEN, seen=seen, age=_age(seen, now))
    if not table.covers(caller):
        return _CANNOT_TELL[Why.ELSEWHERE]
    return _NOT_SEEN


def _age(seen: Seen, now: datetime) -> Age:
    days = (now.date() - seen.last).days
    return Age.WEEK if days <= 7 else Age.MONTH if days <= 30 else Age.LONGER
