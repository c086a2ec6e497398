"""A carrier's answer to its own subscriber: a slip and notices, traced in the same logs.

It is right or says that it cannot tell: "yes" and "no" need every step of the way to be certain.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from quetsach.api.traces import TraceRequest, trace
from quetsach.attribution.model import Certainty, StepKind
from quetsach.errors.exceptions import QuetsachError
from quetsach.notices.model import TraceOutcome
from quetsach.scratch_folders import scratch_folder
from quetsach.signing.keys import PublicKey as PublicKey
from quetsach.signing.slips import CarrierSlip as CarrierSlip
from quetsach.signing.slips import read_slip as read_slip
from quetsach.signing.slips import read_slip_keys as read_slip_keys
from quetsach.sweeping.sweep import Progress
from quetsach.texts import _

_NAMES = frozenset(
    one.value
    for one in (
        *(StepKind.LEASE, StepKind.NEIGHBOUR, StepKind.IDENTITY),
        *(StepKind.INVENTORY, StepKind.OVERRIDE),
    )
)
"""Steps that name a subscriber; without one only an inside address is known, at one time."""

_REGISTERED = frozenset((StepKind.INVENTORY.value, StepKind.OVERRIDE.value))
"""Steps by a register of subscribers; a lease names a device, of which a line has several."""

_TRANSLATED = frozenset((StepKind.TRANSLATION.value, StepKind.PORT_BLOCK.value))
_FOUND = frozenset((TraceOutcome.DEVICE.value, TraceOutcome.NO_DATA.value))
"""A trace ends without data at a customer's router (100.64.0.0/10), which the carrier wants."""


class SlipVerdict(StrEnum):
    """What the carrier's logs say of the subscriber of a slip."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class _Subscriber:
    """Who a row is about: `name`, which a register has or not, at an inside `address`."""

    name: str
    address: str
    is_registered: bool

    def is_surely_other(self, of: "_Subscriber", *, lasting: bool) -> bool:
        """True where two lines are told apart, and not only two devices or two leases."""
        if self.is_registered and of.is_registered:
            return self.name != of.name
        return lasting and "" not in (self.address, of.address) and self.address != of.address


@dataclass(frozen=True)
class SlipAnswer:
    """The answer for the subscriber alone.

    Shapes: of `notices` about the carrier's own addresses `traced` were traced to a subscriber for
    certain; `family` and `last` (YYYY-MM-DD) for "yes"; `why` for "cannot-tell".
    """

    answer: SlipVerdict
    notices: int = 0
    traced: int = 0
    family: str = ""
    last: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the schema Answer of /nha-mang/openapi.json."""
        optional = {"family": self.family, "last": self.last, "why": self.why}
        return {
            "answer": self.answer.value,
            "notices": self.notices,
            "traced": self.traced,
            **{name: text for name, text in optional.items() if text},
        }


def answer_slip(
    slip: CarrierSlip,
    request: TraceRequest,
    *,
    asker: str = "",
    lasting: bool = False,
    progress: Progress | None = None,
) -> SlipAnswer:
    """Return whether a notice of `request` is about the line of `slip`.

    Shapes: `asker` is the inside address that asks, "" where the caller has compared by itself;
    `lasting` says that an inside address belongs to one subscriber for good.
    Errors: E259 where the line of the slip is not the asker's; those of a trace.
    """
    with scratch_folder() as folder:
        path = folder / "slip.csv"
        _write_notice(path, slip)
        traced = trace(replace(request, notices=(str(path), *request.notices)), progress)
    line, rows = traced["notices"][0], traced["notices"][1:]
    if asker and line["addresses"] and asker not in line["addresses"]:
        raise QuetsachError("E259", _("the slip"))
    subscriber = _subscriber(line, lasting=lasting)
    if subscriber is None:
        return SlipAnswer(SlipVerdict.CANNOT_TELL, why=_unknown_line(line))
    return _compared(subscriber, rows, has_gaps=bool(traced["unread"]), lasting=lasting)


def _compared(
    subscriber: _Subscriber, rows: Sequence[Mapping[str, Any]], *, has_gaps: bool, lasting: bool
) -> SlipAnswer:
    own = [row for row in rows if row["outcome"] != TraceOutcome.NOT_OURS]
    traced = [_subscriber(row, lasting=lasting) for row in own]
    pairs = [(who, row) for who, row in zip(traced, own, strict=True) if who is not None]
    hits = [row for who, row in pairs if who.name == subscriber.name]
    untraced = len(own) - len(pairs)
    doubtful = sum(not who.is_surely_other(subscriber, lasting=lasting) for who, _row in pairs)
    answer = SlipAnswer(SlipVerdict.NO, notices=len(own), traced=len(own) - untraced)
    if hits:
        newest = max(hits, key=lambda row: str(row["notice"].get("time") or ""))["notice"]
        family, last = str(newest.get("family") or ""), str(newest.get("time") or "")[:10]
        return replace(answer, answer=SlipVerdict.YES, family=family, last=last)
    why = ""
    if not own:
        why = _("No notice about this carrier's addresses.")
    elif untraced:
        why = _("Notices that could not be traced to anybody for certain: %(count)d.")
        why %= {"count": untraced}
    elif doubtful:
        why = _("Notices about another device, which may be on the same line: %(count)d.")
        why %= {"count": doubtful}
    elif has_gaps:
        why = _("Some logs could not be read.")
    return replace(answer, answer=SlipVerdict.CANNOT_TELL, why=why) if why else answer


def _subscriber(row: Mapping[str, Any], *, lasting: bool) -> _Subscriber | None:
    """Return who a traced row is about, None where that is not certain."""
    steps = row["steps"]
    if row["outcome"] not in _FOUND or not steps or steps[0]["kind"] not in _TRANSLATED:
        return None
    # A direct step is a guess that the address is the machine: the carrier may know better.
    walked = [step for step in steps if step["kind"] != StepKind.DIRECT]
    if any(step["grade"] != Certainty.CERTAIN for step in walked):
        return None
    address = str(row["addresses"][-1]) if row["addresses"] else ""
    named = [step for step in steps if step["kind"] in _NAMES]
    if named:
        return _Subscriber(str(named[-1]["after"]), address, named[-1]["kind"] in _REGISTERED)
    # An address that nobody's record names may have been another's at the notice's time.
    return _Subscriber(f"address {address}", address, False) if lasting and address else None


def _unknown_line(line: Mapping[str, Any]) -> str:
    missing = "; ".join(str(one["why"]) for one in line["missing"])
    return missing or _("The line of the slip could not be found for certain in the logs.")


def _write_notice(path: Path, slip: CarrierSlip) -> None:
    """Write the slip as a notice: the same way that leads to a machine leads to its line."""
    moment = datetime.fromtimestamp(slip.seen_s, UTC).isoformat()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("timestamp", "ip", "port"))
        writer.writerow((moment, slip.address, slip.port))
