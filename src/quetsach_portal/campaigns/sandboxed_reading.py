"""Functions that read letters and lists inside the sandbox; they import no Django."""

from pathlib import Path

import msgspec

from quetsach.sandbox.contract import ReportProgress, SandboxLimits, encode_answer

LIMITS = SandboxLimits(memory=4 << 30, seconds=1800, file_bytes=4 << 30, answer=64 << 20)
LETTER = "quetsach_portal.campaigns.sandboxed_reading:letter"
FACTS = "quetsach_portal.campaigns.sandboxed_reading:facts"
RELEASE = "quetsach_portal.campaigns.sandboxed_reading:release"
MADE = "release.jsonl"
"""Where in its folder the process leaves the release that it made."""

LONGEST_PROBLEM = 300


class ListsInput(msgspec.Struct, frozen=True):
    """Paths of lists inside the sandbox folder, and the metadata of the release made of them."""

    lists: tuple[str, ...]
    created: str
    title: str
    campaign: str


def letter(payload: bytes, _report: ReportProgress) -> bytes:
    """Read a letter and return its fields."""
    from quetsach.api import letters, problems

    try:
        read = letters.read_letter(Path(msgspec.json.decode(payload, type=str)))
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])
    return encode_answer(msgspec.to_builtins(read))


def facts(payload: bytes, _report: ReportProgress) -> bytes:
    """Read a whole release and return its metadata."""
    from quetsach.api import problems, signing

    try:
        return encode_answer(signing.release_facts(Path(msgspec.json.decode(payload, type=str))))
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])


def release(payload: bytes, _report: ReportProgress) -> bytes:
    """Create a release from lists and return its metadata."""
    from quetsach.api import lists as api_lists
    from quetsach.api import problems, signing

    lists_input = msgspec.json.decode(payload, type=ListsInput)
    titles = api_lists.ReleaseTitles(
        created=lists_input.created, title=lists_input.title, campaign=lists_input.campaign
    )
    try:
        lists = [Path(one) for one in lists_input.lists]
        api_lists.release_indicators(lists, titles, api_lists.ReleaseTarget(out=Path(MADE)))
        return encode_answer(signing.release_facts(Path(MADE)))
    except problems.QuetsachError as error:
        return encode_answer(problem=str(error)[:LONGEST_PROBLEM])
