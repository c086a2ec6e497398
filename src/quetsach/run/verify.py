"""Verifying: what lies on disk and what was read off a sheet, against the keys that are trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.run.key_files import read_trusted
from quetsach.run.sealing import look_at
from quetsach.signing.judge import Sealed, State, Verdict, judge
from quetsach.signing.keys import PublicKey
from quetsach.signing.printed import Printed, read_printed, unlike_words
from quetsach.signing.signature import message
from quetsach.texts import _

MOST_SLIPS = 4
"""With more words unlike the file's the sheet is taken for that of another file."""


class Seal(StrEnum):
    """What the signature in a QR code is worth."""

    NONE = "none"
    TRUSTED = "trusted"
    UNKNOWN_KEY = "unknown-key"
    NO_KEY = "no-key"
    WRONG = "wrong"


@dataclass(frozen=True)
class Paper:
    """What a sheet says of the file: whether they agree (None without a file), and its signature.

    `groups` are the positions of the four-digit groups of hex that differ.
    """

    printed: Printed
    agrees: bool | None
    seal: Seal
    owner: str = ""
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verification:
    """The answer: the verdict on the file, what the sheet says, and the exit code."""

    verdict: Verdict | None
    paper: Paper | None
    exit_code: int


def verify(
    path: Path | None, *, keys: Sequence[Path] = (), printed: str | None = None
) -> Verification:
    """Return what is known of the file at `path`, of the sheet, or of both together.

    Exit code: 0 proven, 2 altered, unsigned or not what the sheet says, 3 not proven.
    Errors: E230 and E237 for keys and files; E236 when the sheet's text cannot be read.
    """
    trusted = read_trusted(keys)
    sealed = None if path is None else look_at(path)
    verdict = None if sealed is None else judge(sealed, trusted)
    paper = None if printed is None else _paper(printed, sealed, trusted)
    return Verification(verdict, paper, _exit_code(verdict, paper, has_keys=bool(trusted)))


def _paper(text: str, sealed: Sealed | None, trusted: Sequence[PublicKey]) -> Paper:
    printed = _read(text, sealed)
    seal, owner = _seal(printed, sealed, trusted)
    if sealed is None:
        return Paper(printed, None, seal, owner)
    same_kind = printed.kind is None or printed.kind is sealed.kind
    pairs = zip(_groups(printed.digest), _groups(sealed.digest), strict=True)
    unlike = tuple(place for place, (one, other) in enumerate(pairs, 1) if one != other)
    return Paper(printed, same_kind and not unlike, seal, owner, unlike)


def _read(text: str, sealed: Sealed | None) -> Printed:
    try:
        return read_printed(text)
    except QuetsachError as error:
        slips = unlike_words(text, sealed.digest) if sealed is not None else []
        if not 0 < len(slips) <= MOST_SLIPS or len(text.split()) < MOST_SLIPS * 4:
            raise
        named = "; ".join(
            _("word %(place)s reads %(read)s, and of this file it is %(right)s")
            % {"place": place, "read": read[:20], "right": right}
            for place, read, right in slips
        )
        told = error.problem.facts["reason"]
        raise QuetsachError("E236", "--printed", reason=f"{told}; {named}") from error


def _groups(digest: str) -> list[str]:
    text = digest.removeprefix("sha256:")
    return [text[place : place + 4] for place in range(0, len(text), 4)]


def _seal(
    printed: Printed, sealed: Sealed | None, trusted: Sequence[PublicKey]
) -> tuple[Seal, str]:
    """Return what the QR code's own signature is worth, and the owner of its key."""
    if printed.kind is None:
        return Seal.NONE, ""
    said = message(printed.kind, printed.digest, printed.signed)
    known = [key for key in trusted if key.key_id == printed.key_id]
    if known:
        fits = [key for key in known if key.verifies(printed.value, said)]
        return (Seal.TRUSTED, fits[0].owner) if fits else (Seal.WRONG, "")
    in_file = () if sealed is None else sealed.signatures
    found = [PublicKey(one.public_key) for one in in_file if one.key_id == printed.key_id]
    if not found:
        return Seal.NO_KEY, ""
    return (Seal.UNKNOWN_KEY if found[0].verifies(printed.value, said) else Seal.WRONG), ""


def _exit_code(verdict: Verdict | None, paper: Paper | None, *, has_keys: bool) -> int:
    if verdict is not None and verdict.state is State.ALTERED:
        return 2
    if paper is not None and (paper.agrees is False or paper.seal is Seal.WRONG):
        return 2
    if verdict is not None and verdict.state is State.UNSIGNED and paper is None:
        return 2
    if verdict is not None and verdict.uncovered:
        return 3
    by_signature = verdict is not None and verdict.state is State.TRUSTED
    by_sheet = paper is not None and paper.seal is Seal.TRUSTED
    # A sheet without a signature vouches for the file by the way in which it came to its reader,
    # who asks for more by naming keys.
    by_paper = paper is not None and paper.agrees is True and not has_keys
    return 0 if by_signature or by_sheet or by_paper else 3
