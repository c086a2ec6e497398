"""Functions that check and make versions of lists inside the sandbox; they import no Django."""

from pathlib import Path
from typing import Any

import msgspec

from quetsach.sandbox.contract import ReportProgress, encode_answer

CHECK = "quetsach_portal.lists.sandboxed_lists:check"
BUILD = "quetsach_portal.lists.sandboxed_lists:build"
CHANGES = "quetsach_portal.lists.sandboxed_lists:changes"
RELEASE = "release.jsonl"
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
