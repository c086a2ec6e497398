"""The truth of an exam, sealed before anything is connected: which machine, when, which mark."""

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from quetsach.addresses import parse_address
from quetsach.atomic_files import read_at_most
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.texts import _

TRUTH = "truth.json"
COMMITMENT = "commitment.txt"
FORMAT = "quetsach-exam/1"

MOST_OCCASIONS = 10_000
"""No exam asks more often: every occasion has a source port of its own."""

MOST_MACHINES = 10_000
_MOST_BYTES = 64 * 1024 * 1024
_DIGEST = re.compile(r"\s*(?:sha256:)?([0-9a-f]{64})(?:\s+\*?truth\.json)?\s*")

_Short = Annotated[str, msgspec.Meta(max_length=1_000)]
_Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
_Moment = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]


class ExamMachine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A machine as the office's own table has it; `macs` as 00-17-A4-B2-C3-D4."""

    key: _Short
    name: _Short = ""
    macs: tuple[_Short, ...] = ()
    addresses: tuple[_Short, ...] = ()
    unit: _Short = ""


class Occasion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of an exam: this machine connects at this moment, with this mark and port.

    Shapes: `mark` is a label below the exam's domain; `machine` is a place in the truth's list.
    Units: `when_s` in seconds since 1970, UTC.
    """

    mark: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z2-7]{11}$")]
    machine: Annotated[int, msgspec.Meta(ge=0, lt=MOST_MACHINES)]
    when_s: _Moment
    port: Annotated[int, msgspec.Meta(ge=1024, le=65_535)]


class ExamTruth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an exam keeps to itself until it is graded.

    Shapes: `server` is "" where only names are asked; `seed` is 64 hex digits, from which all that
    was drawn follows; `machines` are all of the table, drawn or not.
    Units: seconds since 1970, UTC; the window includes its start and excludes its end.
    """

    format: str
    domain: _Short
    server: _Short
    server_port: _Port
    from_s: _Moment
    until_s: _Moment
    seed: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    machines: Annotated[tuple[ExamMachine, ...], msgspec.Meta(max_length=MOST_MACHINES)]
    occasions: Annotated[tuple[Occasion, ...], msgspec.Meta(max_length=MOST_OCCASIONS)]

    def mark_name(self, mark: str) -> str:
        """Return the name that an occasion with this mark asks for."""
        return f"{mark}.{self.domain}"


def truth_bytes(truth: ExamTruth) -> bytes:
    """Return the truth as `truth.json` holds it; the same truth gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(truth), indent=1) + b"\n"


def commitment_of(content: bytes) -> str:
    """Return the SHA-256 of a truth in hex: known to all beforehand, it tells nothing of it."""
    return hashlib.sha256(content).hexdigest()


def exam_id(commitment: str) -> str:
    """Return the short name of an exam, which its list, scripts and receipts carry."""
    return commitment[:16]


def seal_truth(folder: Path, truth: ExamTruth) -> str:
    """Write truth and commitment into `folder`, the truth for its owner alone; return the latter.

    Errors: OSError; FileExistsError where there is a truth already, which is never replaced.
    """
    content = truth_bytes(truth)
    commitment = commitment_of(content)
    opened = os.open(folder / TRUTH, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
    # In the form of `sha256sum -c`, so that anybody can check it without this program.
    (folder / COMMITMENT).write_text(f"{commitment}  {TRUTH}\n", encoding="ascii")
    return commitment


def open_truth(folder: Path, noted: str | None = None) -> tuple[ExamTruth, str]:
    """Return the truth of an exam folder and its commitment, which it was held against.

    `noted` is the commitment as it was noted down elsewhere, if it was: who may alter both files of
    the folder may not alter that.
    Errors: E321 for what is no exam folder; E322 when the truth is not the one committed to; E601
    for a `noted` that is no commitment at all.
    """
    if noted is not None and not _digest(noted):
        reason = _("%(value)s; a commitment has 64 hex digits") % {"value": noted}
        raise QuetsachError("E601", "--commitment", reason=reason)
    content = _read(folder / TRUTH)
    commitment = commitment_of(content)
    written = _digest(_read(folder / COMMITMENT).decode("ascii", "replace"))
    if commitment != written or (noted is not None and commitment != _digest(noted)):
        raise QuetsachError("E322", str(folder / TRUTH))
    try:
        truth = msgspec.json.decode(content, type=ExamTruth)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise QuetsachError("E321", str(folder / TRUTH), reason=str(error)[:200]) from error
    flaw = _flaw(truth)
    if flaw:
        raise QuetsachError("E321", str(folder / TRUTH), reason=flaw)
    return truth, commitment


def _read(path: Path) -> bytes:
    content = b""
    with suppress(QuetsachError):
        content = read_at_most(path, _MOST_BYTES)
    if not content or len(content) > _MOST_BYTES:
        raise QuetsachError("E321", str(path), reason=path.name)
    return content


def _digest(text: str) -> str:
    fits = _DIGEST.fullmatch(text)
    return fits[1] if fits else ""


def _flaw(truth: ExamTruth) -> str:
    """Return which field of a truth cannot be, "" where none."""
    name = parse_name(truth.domain)
    flaws = {
        "format": truth.format != FORMAT,
        "domain": name is None or name.ascii != truth.domain or "." not in truth.domain,
        "server": bool(truth.server) and str(parse_address(truth.server)) != truth.server,
        "until_s": truth.until_s <= truth.from_s,
        "mark": len({occasion.mark for occasion in truth.occasions}) < len(truth.occasions),
        "port": len({occasion.port for occasion in truth.occasions}) < len(truth.occasions),
        "machine": any(one.machine >= len(truth.machines) for one in truth.occasions),
    }
    return next((field for field, wrong in flaws.items() if wrong), "")
