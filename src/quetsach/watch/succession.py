"""Whether a list may take the place of the one in use: what a signed release is followed by.

Whoever can write the file of a list could put in its place one that finds nothing. So a signed
release is followed only by one that one of the same keys signed, and that names the version before
it; and the portal's release by one that names it, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.dates import us_of
from quetsach.signing.release import header_of, read_signed_release
from quetsach.signing.signature import SignatureState, judge
from quetsach.texts import _


@dataclass(frozen=True)
class ListIdentity:
    """What a release says of itself: its digest, the version before it, when it was made, for what.

    Shapes: `digest` and `previous` are hex, `previous` "" for none; `created` is ISO 8601;
    `signers` are the ids of the keys that signed it, none where a signature is wrong.
    """

    digest: str
    previous: str
    created: str
    signers: frozenset[str]


def identity_of(path: Path) -> ListIdentity | None:
    """Return what the release at `path` says of itself, None where it is none. Errors: OSError."""
    with path.open("rb") as file:
        header = header_of(file)
        if header is None:
            return None
        sealed = read_signed_release(file)
    verdict = judge(sealed, ())
    is_signed = verdict.state is SignatureState.UNKNOWN_KEY
    return ListIdentity(
        sealed.digest.removeprefix("sha256:"),
        str(header.get("previous") or ""),
        str(header.get("created") or ""),
        frozenset(signer.key_id for signer in verdict.signers) if is_signed else frozenset(),
    )


def identities_of(paths: Sequence[Path]) -> dict[Path, ListIdentity]:
    """Return each release in `paths`, files or folders, by its file."""
    identities = {}
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            identity = identity_of(file) if file.is_file() else None
            if identity is not None:
                identities[file] = identity
    return identities


def check_successors(
    before: Mapping[Path, ListIdentity], after: Mapping[Path, ListIdentity]
) -> None:
    """Refuse lists in which a signed release is followed by what cannot. Errors: E506."""
    for path, identity in before.items():
        if identity.signers:
            check_signed(identity, after.get(path), str(path))


def check_signed(before: ListIdentity, after: ListIdentity | None, where: str) -> None:
    """Refuse what does not follow the signed release `before`. Errors: E506."""
    if after is None or not after.signers:
        raise QuetsachError("E506", where, reason=_("the one in use is signed, this one is not"))
    if not before.signers & after.signers:
        raise QuetsachError("E506", where, reason=_("no key of the one in use signed it"))
    if after.digest == before.digest:
        return
    if not after.previous:
        raise QuetsachError("E506", where, reason=_("it names no version before it"))
    if (us_of(after.created) or 0) < (us_of(before.created) or 0):
        raise QuetsachError("E506", where, reason=_("it is older than the one in use"))


def check_of_portal(before: ListIdentity | None, after: ListIdentity | None, where: str) -> None:
    """Refuse what cannot follow the portal's list `before` of the same unit. Errors: E506."""
    if before is None:
        return
    if before.signers:
        check_signed(before, after, where)
    elif after is None or not (after.previous or after.digest == before.digest):
        raise QuetsachError("E506", where, reason=_("it names no version before it"))
