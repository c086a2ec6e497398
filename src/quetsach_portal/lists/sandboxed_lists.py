"""Functions that check and make versions of lists inside the sandbox; they import no Django."""

from pathlib import Path
from typing import Any

import msgspec

from quetsach.sandbox.contract import ReportProgress, encode_answer

CHECK = "quetsach_portal.lists.sandboxed_lists:check"
BUILD = "quetsach_portal.lists.sandboxed_lists:build"
CHANGES = "quetsach_portal.lists.sandboxed_lists:changes"
HOLD = "quetsach_portal.lists.sandboxed_lists:hold"
RELEASE = "release.jsonl"
HELD = "held.jsonl"
FRESH = "fresh.jsonl"
"""Where in its folder the process leaves what it made."""

LONGEST_PROBLEM = 300


class ListsGiven(msgspec.Struct, frozen=True):
    """Paths of the lists of a version; `previous` is the release in force, "" where there is none.

    Shapes: `decisions` is a file as `indicators decide` writes it, "" for none; `accepted` is why
    a shrunken list is meant.
    """

    lists: tuple[str, ...]
    created: str = ""
    title: str = ""
    campaign: str = ""
    previous: str = ""
    decisions: str = ""
    accepted: str = ""


class ChangesGiven(msgspec.Struct, frozen=True):
    """Paths of the release in force, "" where there is none, and of the one that comes."""

    before: str
    after: str


class HoldGiven(msgspec.Struct, frozen=True):
    """A release and what of it accuses nobody: keys on hold, rows of the office, what is new.

    Shapes: `before` is the release since which all that is new is on hold, "" for none; `block` are
    rows that are only kept out of the lists for devices, and hold back nothing here.
    """

    release: str
    before: str = ""
    keys: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    block: tuple[str, ...] = ()


def check(payload: bytes, _report: ReportProgress) -> bytes:
    """Return what the gate of a list shows."""
    from quetsach.api import gate, problems

    lists_given = msgspec.json.decode(payload, type=ListsGiven)
    try:
        return encode_answer(gate.gate_report([Path(one) for one in lists_given.lists]))
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])


def build(payload: bytes, _report: ReportProgress) -> bytes:
    """Write the release of a version and return its facts."""
    from quetsach.api import lists, problems, signing

    lists_given = msgspec.json.decode(payload, type=ListsGiven)
    titles = lists.ReleaseTitles(
        created=lists_given.created, title=lists_given.title, campaign=lists_given.campaign
    )
    target = lists.ReleaseTarget(
        out=Path(RELEASE), previous=lists_given.previous, accepted=lists_given.accepted
    )
    decisions = Path(lists_given.decisions) if lists_given.decisions else None
    try:
        lists.release_indicators(
            [Path(one) for one in lists_given.lists], titles, target, decisions=decisions
        )
        return encode_answer(signing.release_facts(Path(RELEASE)))
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])


def changes(payload: bytes, _report: ReportProgress) -> bytes:
    """Return what changes from one release to another; what is new is left as a release."""
    from quetsach.api import gate, problems

    lists_given = msgspec.json.decode(payload, type=ChangesGiven)
    before = Path(lists_given.before) if lists_given.before else None
    try:
        changed: Any = gate.release_changes(before, Path(lists_given.after), Path(FRESH))
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])
    return encode_answer(changed)


def hold(payload: bytes, _report: ReportProgress) -> bytes:
    """Return what is held back of a release; the release without it is left unless that is none."""
    from quetsach.api import holding, problems

    hold_given = msgspec.json.decode(payload, type=HoldGiven)
    before = Path(hold_given.before) if hold_given.before else None
    try:
        rows_held: Any = holding.hold_rows(
            Path(hold_given.release),
            Path(HELD),
            keys=frozenset(hold_given.keys),
            before=before,
            own=hold_given.own,
        )
        by_block = holding.own_effects(Path(hold_given.release), hold_given.block)
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])
    counts = {"count": rows_held.count, "by_key": rows_held.by_key}
    return encode_answer({**counts, "by_own": rows_held.by_own, "by_block": by_block})
