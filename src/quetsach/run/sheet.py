"""The sheet of what is signed on disk: its facts gathered, its page written beside it."""

from pathlib import Path
from typing import Any

from quetsach.documents.sheet import Sheet, sheet_pdf
from quetsach.errors import QuetsachError
from quetsach.run.sealing import look_at
from quetsach.signing.judge import Sealed, State, judge
from quetsach.signing.printed import groups_of, qr_text, words_of
from quetsach.signing.release import content_of, header_of
from quetsach.signing.signature import Kind, Signature
from quetsach.texts import _
from quetsach.whole_files import write_whole


def write_sheet(path: Path, *, out: Path | None = None, key_id: str | None = None) -> Path:
    """Write the sheet of what is signed at `path` as PDF, and return where it is.

    Errors: E235 when it was changed; E237 when it cannot be read; E238 when it is not signed, or
    not by the key with this number; E405; E406 when the page cannot be written.
    """
    sealed = look_at(path)
    verdict = judge(sealed, ())
    if verdict.state is State.ALTERED:
        raise QuetsachError("E235", str(path), reason="; ".join(verdict.faults[:3]))
    target = out if out is not None else path.with_name(f"{path.name}.sheet.pdf")
    write_whole(target, sheet_pdf(_sheet(path, sealed, _chosen(path, sealed, key_id))))
    return target


def _chosen(path: Path, sealed: Sealed, key_id: str | None) -> Signature:
    for one in sealed.signatures:
        if key_id is None or one.key_id == key_id:
            return one
    reason = _("it is not signed")
    if key_id is not None and sealed.signatures:
        signers = ", ".join(one.key_id for one in sealed.signatures)
        reason = _("key %(key)s has not signed it, but %(signers)s") % {
            "key": key_id,
            "signers": signers,
        }
    raise QuetsachError("E238", str(path), reason=reason)


def _sheet(path: Path, sealed: Sealed, signature: Signature) -> Sheet:
    header, count = _release_facts(path) if sealed.kind is Kind.RELEASE else ({}, None)
    return Sheet(
        name=path.absolute().name,
        title=_text(header.get("title")),
        kind=str(sealed.kind),
        count=count,
        created=_text(header.get("created")),
        signed=signature.signed,
        key_id=signature.key_id,
        groups=groups_of(sealed.digest),
        words=words_of(sealed.digest),
        qr=qr_text(sealed.kind, signature),
    )


def _release_facts(path: Path) -> tuple[dict[str, Any], int]:
    """Return the header of a release and how many indicators it has: what it says, else lines."""
    with path.open("rb") as file:
        header = header_of(file) or {}
        count = header.get("count")
        return header, count if isinstance(count, int) else content_of(file).lines - 1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
