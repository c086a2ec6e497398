"""What others may verify of a portal's audit trail, and what a portal makes of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quetsach.api.signing import read_trusted
from quetsach.atomic_files import read_anywhere
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import PublicKey
from quetsach.signing.signature import SignedKind, from_json, is_valid
from quetsach.signing.trail_proof import GrowingTree as GrowingTree
from quetsach.signing.trail_proof import anchor_digest as anchor_digest
from quetsach.signing.trail_proof import leaf_of as leaf_of
from quetsach.signing.trail_proof import root_by
from quetsach.signing.trail_proof import row_digest as row_digest
from quetsach.signing.trail_proof import sides as sides
from quetsach.texts import _

FORMAT = "quetsach-acts/1"
MOST_BYTES = 4 << 20
MOST_ACTS = 1000
_LONGEST_PATH = 64
_MOST_ANCHORS = 64 << 20


@dataclass(frozen=True)
class ProvenAct:
    """A row of the trail: whether the way from it leads to the tree, and its own words if shown.

    `row` is empty where the proof has its digest alone: nothing then says what was done.
    """

    seq: int
    digest: str
    is_there: bool
    row: Mapping[str, Any]

    @property
    def lacks_code(self) -> bool:
        """True for a row that holds no code: it may be of any report, or of none."""
        return bool(self.row) and not _code_in(self.row)


@dataclass(frozen=True)
class ActsVerdict:
    """What a proof is worth.

    `is_signed`: its anchor is whole and by one of the keys; `is_published`: the very same line
    stands in the copy of the published anchors.
    """

    code: str
    at: str
    portal: str
    is_signed: bool
    is_published: bool
    acts: tuple[ProvenAct, ...]

    @property
    def exit_code(self) -> int:
        """0 all stands there, 1 something is wrong, 3 it is not known whether it was published, or
        of which report a row is.
        """
        if not (self.is_signed and self.acts and all(act.is_there for act in self.acts)):
            return 1
        if not self.is_published or any(act.lacks_code for act in self.acts):
            return 3
        return 0

    @property
    def has_rows(self) -> bool:
        """Return whether every act is shown by its row, and not by its digest alone."""
        return all(act.row for act in self.acts)


def verify_acts(
    content: bytes, published: Iterable[bytes], keys: Iterable[PublicKey], *, name: str = ""
) -> ActsVerdict:
    """Return what the proof in `content` is worth.

    Shapes: `published` are lines of `/anchors.jsonl` as somebody fetched them.
    Errors: E456 for what is no proof.
    """
    try:
        proof = _read(content)
        anchor = proof["anchor"]
        return ActsVerdict(
            code=str(proof["code"]),
            at=str(anchor["at"]),
            portal=str(anchor["portal"]),
            is_signed=_is_signed(anchor, {key.raw for key in keys}),
            is_published=any(_same(line, anchor) for line in published),
            acts=tuple(_act(act, anchor, str(proof["code"])) for act in proof["acts"]),
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        reason = _("it is damaged or of another form")
        raise QuetsachError("E456", name, reason=reason) from error


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise ValueError("too long")
    proof: dict[str, Any] = json.loads(content)
    if proof["format"] != FORMAT or not 0 < len(proof["acts"]) <= MOST_ACTS:
        raise ValueError("another form")
    return proof


def _is_signed(anchor: Mapping[str, Any], trusted: set[bytes]) -> bool:
    signature = from_json(anchor["signature"])
    if signature is None or signature.digest != anchor_digest(anchor):
        return False
    return signature.public_key in trusted and is_valid(signature, SignedKind.FILE)


def _same(line: bytes, anchor: Mapping[str, Any]) -> bool:
    """True for a published line that signs the same; stamps may have come later."""
    try:
        other = json.loads(line)
        alike = anchor_digest(other) == anchor_digest(anchor)
        return bool(alike and other["signature"] == anchor["signature"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return False


def _act(act: Mapping[str, Any], anchor: Mapping[str, Any], code: str) -> ProvenAct:
    seq, digest, fields = int(act["seq"]), str(act["digest"]), act.get("row") or {}
    path = act["path"]
    if len(path) > _LONGEST_PATH or len(digest) != 64 or not anchor.get("tree"):
        raise ValueError("no way to a tree")
    leads = root_by(digest, seq - 1, int(anchor["seq"]), path) == anchor["tree"]
    is_row = not fields or (
        row_digest(fields) == digest and fields.get("seq") == seq and _code_in(fields) in ("", code)
    )
    return ProvenAct(seq, digest, leads and is_row, dict(fields))


def _code_in(fields: Mapping[str, Any]) -> str:
    return str(fields.get("detail", {}).get("code") or "")


def check_acts(path: Path, *, anchors: Path | None, keys: Sequence[Path]) -> ActsVerdict:
    """Return what the proof in the file `path` is worth, against `anchors` fetched elsewhere.

    Errors: E456 for what is no proof, E230 for a key that is none.
    """
    lines = [] if anchors is None else _content(anchors, _MOST_ANCHORS).splitlines()
    return verify_acts(_content(path, MOST_BYTES + 1), lines, read_trusted(keys), name=str(path))


def _content(path: Path, most: int) -> bytes:
    with read_anywhere(path, most) as file:
        return file.read(most)
