"""Signed heads of the chain, kept where a later change of the trail does not reach.

Who can write the database can write another chain. An anchor is the head of a day, signed with the
portal's own key: the portal keeps all of them in one file, the public plane shows that file,
browsers carry one from sign-in to sign-in (`witness.py`), and an authority may stamp them with its
time. A chain that was written anew differs from each anchor that somebody else has kept.
"""

import base64
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from quetsach.api.signing import (
    PublicKey,
    Signature,
    SignedKind,
    SigningKey,
    from_json,
    is_valid,
    read_signing_key,
    read_trusted,
    sign_digest,
    to_json,
    write_key_pair,
)
from quetsach.api.trails import anchor_digest
from quetsach_portal.audit.models import AuditEvent, ChainHead

MOST_BYTES = 16 << 20
"""A line a day is 200 kB a year; what is longer is no file of anchors."""


class Anchor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The head of the chain at a moment.

    Shapes: `at` is ISO 8601 with offset; `digest` that of row `seq`; `portal` its public address;
    `chain` is the digest of the act by which a backup was restored last, "" where none was;
    `tree` that of the tree over all rows up to `seq` (`api.trails`), "" where it was not made;
    `signature` as `api.signing` writes it; `stamp` a time stamp of RFC 3161 on the signed digest,
    base64, or "".
    """

    seq: int
    digest: str
    at: str
    portal: str
    signature: dict[str, str]
    chain: str = ""
    tree: str = ""
    stamp: str = ""


class AnchorFault(msgspec.Struct, frozen=True):
    """What is wrong with an anchor, or with the chain that it holds: its line, and a reason.

    `is_of_chain` is False where the anchor itself is worth nothing: anybody can write one.
    """

    line: int
    reason: str
    is_of_chain: bool = False


# The portal's own key.


def keys_folder() -> Path:
    """Return the folder of the portal's own keys; earlier public ones stay there."""
    return Path(settings.QUETSACH.home) / "keys"


def office_key() -> SigningKey:
    """Return the portal's own key, made at its first use; it signs what the portal says of itself.

    Errors: E230, E237 for a file that is no key any more.
    """
    private = keys_folder() / "office.key.pem"
    if not private.exists():
        keys_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked_folder(keys_folder()):
            if not private.exists():
                _make_key()
    return read_signing_key(private)


def _make_key() -> None:
    """Put a pair into place, whole and on the disk; the public half first."""
    draft = Path(mkdtemp(dir=keys_folder()))
    try:
        pair = write_key_pair("office", draft, owner=settings.QUETSACH.public_url)
        for made in (pair.public, pair.private):
            with made.open("rb") as file:
                os.fsync(file.fileno())
            made.rename(keys_folder() / made.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def locked_folder(folder: Path, *, waits: bool = True) -> Iterator[None]:
    """Be alone in `folder` during the block. Errors: BlockingIOError without `waits`."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        yield
    finally:
        os.close(number)


def replace_office_key() -> None:
    """Let a portal that was restored sign with a key of its own from now on.

    The portal that it was restored from may run on: what each of them signs is told apart. The old
    public half stays, for what it has signed.
    """
    public, private = (keys_folder() / f"office.{half}.pem" for half in ("pub", "key"))
    if public.exists():
        public.rename(keys_folder() / f"office-until-{timezone.localtime():%Y%m%d%H%M%S}.pub.pem")
    private.unlink(missing_ok=True)


def office_keys() -> tuple[PublicKey, ...]:
    """Return the public keys with which this portal signs or has signed."""
    return read_trusted([keys_folder()]) if keys_folder().is_dir() else ()


# Make, keep and read anchors.


def anchors_path() -> Path:
    """Return where the portal keeps its anchors, a JSON line each."""
    return Path(settings.QUETSACH.home) / "proofs" / "anchors.jsonl"


def make_anchor(tree_of: Callable[[int], str] | None = None) -> Anchor | None:
    """Return the signed head of the chain; None while there is no row.

    `tree_of` gives the tree over the rows up to a number; without it there is none in the anchor.
    """
    head = ChainHead.objects.filter(pk=1).first()
    if head is None or not head.seq:
        return None
    now = timezone.localtime()
    past = restorations()
    unsigned = Anchor(
        seq=head.seq,
        digest=head.digest,
        at=now.isoformat(),
        portal=settings.QUETSACH.public_url,
        chain=past[-1].chain if past else "",
        tree="" if tree_of is None else tree_of(head.seq),
        signature={},
    )
    signature = sign_digest(office_key(), SignedKind.FILE, signed_digest(unsigned), now)
    return msgspec.structs.replace(unsigned, signature=to_json(signature))


def signed_digest(anchor: Anchor) -> str:
    """Return what the signature of an anchor is made of: `sha256:` of its canonical JSON."""
    return anchor_digest(msgspec.structs.asdict(anchor))


def append_anchor(anchor: Anchor, path: Path) -> None:
    """Add a line to the file, on the disk when this returns; a torn last line is cut off first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0)
        content = file.read()
        last = content.rfind(b"\n") + 1
        if _anchor_in(content[last:]) is None:
            file.truncate(last)
        elif content[last:]:
            file.write(b"\n")
        file.write(msgspec.json.encode(anchor) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_anchors(
    content: bytes, *, may_be_torn: bool = False
) -> tuple[list[tuple[int, Anchor]], list[AnchorFault]]:
    """Return the anchors in a file with their lines, and what is none.

    Where it `may_be_torn`, a last line without its end that is no anchor says nothing: the machine
    stopped while it was written.
    """
    anchors: list[tuple[int, Anchor]] = []
    faults = []
    lines = content[:MOST_BYTES].splitlines()
    for number, line in enumerate(lines, 1):
        anchor = _anchor_in(line)
        is_torn = may_be_torn and number == len(lines) and not content.endswith(b"\n")
        if anchor is not None:
            anchors.append((number, anchor))
        elif not is_torn:
            faults.append(AnchorFault(number, "not readable"))
    if len(content) > MOST_BYTES:
        faults.append(AnchorFault(len(lines), "too long"))
    return anchors, faults


def _anchor_in(line: bytes) -> Anchor | None:
    try:
        anchor = msgspec.json.decode(line, type=Anchor)
        return None if datetime.fromisoformat(anchor.at).tzinfo is None else anchor
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def signature_of(anchor: Anchor) -> Signature | None:
    """Return the signature of an anchor where it is one over just these values."""
    signature = from_json(anchor.signature)
    expected = signed_digest(anchor)
    if signature is None or signature.digest != expected:
        return None
    return signature if is_valid(signature, SignedKind.FILE) else None


# Hold the chain against them.


def unlike_chain(
    anchors: Iterable[tuple[int, Anchor]], keys: Iterable[PublicKey]
) -> Iterator[AnchorFault]:
    """Yield each anchor that is badly signed, by a key not of `keys`, or not a row of the chain.

    Rows that were lost because a backup was restored are told by that act of the trail, and are no
    fault here. Cost: one query for each thousand anchors.
    """
    trusted = {key.raw for key in keys}
    past = restorations()
    chains = {"", *(restored.chain for restored in past)}
    signed: list[tuple[int, Anchor]] = []
    for line, anchor in anchors:
        signature = signature_of(anchor)
        if signature is None:
            yield AnchorFault(line, "its signature does not match")
        elif signature.public_key not in trusted:
            yield AnchorFault(line, f"signed with another key ({signature.key_id})")
        elif anchor.chain not in chains:
            reason = "made since a restoration that the trail does not tell of"
            yield AnchorFault(line, reason, is_of_chain=True)
        else:
            signed.append((line, anchor))
    for start in range(0, len(signed), 1000):
        part = signed[start : start + 1000]
        rows = dict(_digests(anchor.seq for _line, anchor in part))
        for line, anchor in part:
            if any(restored.lost(anchor) for restored in past):
                continue
            if anchor.seq not in rows:
                yield AnchorFault(line, f"row {anchor.seq} is missing", is_of_chain=True)
            elif rows[anchor.seq] != anchor.digest:
                reason = f"row {anchor.seq} is not the row that was signed"
                yield AnchorFault(line, reason, is_of_chain=True)


class Restoration(msgspec.Struct, frozen=True):
    """A backup was restored at `at`: what was done after `as_of`, behind row `head`, is gone.

    Shapes: `chain` is the digest of that act, by which anchors made since are known; `before` that
    of the restoration before it, or "".
    """

    head: int
    as_of: datetime
    at: datetime
    chain: str
    before: str

    def lost(self, anchor: Anchor) -> bool:
        """Return whether the row of `anchor` is one of those that were lost."""
        return anchor.chain == self.before and anchor.seq > self.head


RESTORED = "backup.restored"


def restorations() -> list[Restoration]:
    """Return the restored backups that the trail tells of; `audit verify` prints them."""
    past: list[Restoration] = []
    for event in AuditEvent.objects.filter(object_kind="backup", action=RESTORED).order_by("seq"):
        as_of = datetime.fromisoformat(event.detail["as_of"])
        before = past[-1].chain if past else ""
        past.append(Restoration(int(event.detail["head"]), as_of, event.at, event.digest, before))
    return past


def _digests(numbers: Iterable[int]) -> Any:
    return AuditEvent.objects.filter(seq__in=list(numbers)).values_list("seq", "digest")


def stamp_bytes(anchor: Anchor) -> bytes:
    """Return the time stamp of an anchor; b"" where it has none or it is no base64."""
    try:
        return base64.b64decode(anchor.stamp, validate=True)
    except ValueError:
        return b""
