"""One version of one unit's report: its canonical JSON, its digest, and its strict reader."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.value_json import (
    CanonicalObject,
    NotCanonicalError,
    canonical,
    decoded,
    figure_from_json,
    figure_to_json,
)
from quetsach.forms.values import ChildUse, SummedFigure

FORMAT = "quetsach-report/1"

MOST_BYTES = 64 * 1024 * 1024
"""No version is larger; that of a root over 50,000 units has about 2 MB."""

_DIGEST = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_KEYS = (
    "format",
    "form",
    "campaign",
    "phase",
    "node",
    "unit",
    "number",
    "kind",
    "previous",
    "tree_revision",
    "created_at",
    "figures",
    "children",
    "missing",
    "looked",
)


class FormVersionKind(StrEnum):
    """How a version relates to the one before it."""

    ORIGINAL = "original"
    CORRECTION = "correction"
    SUPPLEMENT = "supplement"
    NIL = "nil"


@dataclass(frozen=True, slots=True)
class Input:
    """A child's version that was looked at: which one, whether it was used, and why not."""

    node: str
    name: str
    version: int
    digest: str
    used: ChildUse
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LookedStatement:
    """What stands behind a report: what was looked at, why no more, and who is in it at any depth.

    Shapes: `words` are printed as they are; `reason_code` and `reason` say why not all was looked
    at, "" where all was; `received` of `expected` reports below, at any depth, are in the totals,
    and `missing` names the units of the others.
    """

    words: str
    reason_code: str = ""
    reason: str = ""
    received: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportVersionText:
    """One version of a report, never changed.

    Shapes: digests are 64 hex digits; `previous` is that of the version before, None for the first;
    `created_at` is aware; `missing` names the units below that had not reported; `looked` is None
    in versions that were made before it was asked for.
    """

    form: str
    form_version: str
    form_digest: str
    campaign: str
    phase: int
    node: str
    unit: str
    number: int
    kind: FormVersionKind
    previous: str | None
    tree_revision: int
    created_at: datetime
    figures: Mapping[str, SummedFigure]
    children: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()
    looked: LookedStatement | None = None


def version_json(version: ReportVersionText) -> bytes:
    """Return `version` in its one form: JSON with sorted keys and no blanks.

    Errors: E450 for what cannot be written, such as half a surrogate pair.
    """
    try:
        return canonical(_to_json(version))
    except (NotCanonicalError, ValueError, OverflowError) as error:
        raise QuetsachError("E450", version.unit, reason=str(error)) from error


def digest_of(version: ReportVersionText) -> str:
    """Return the SHA-256 of the version's one form, in hex."""
    return hashlib.sha256(version_json(version)).hexdigest()


def code_of(digest: str) -> str:
    """Return the 16 hex digits of a digest that are printed on paper."""
    return digest[:16]


def read_version(content: bytes, where: str = "report") -> ReportVersionText:
    """Return the version in `content`, which must be its one form to the byte.

    Errors: E450 when it is not: another order, a blank, a key twice or unknown, a value of another
    kind, anything too large.
    """
    try:
        version = _from_json(CanonicalObject(decoded(content, MOST_BYTES), "report"))
        written = canonical(_to_json(version))
    except (NotCanonicalError, ValueError, OverflowError) as error:
        raise QuetsachError("E450", where, reason=str(error)[:300]) from error
    if written != content:
        raise QuetsachError("E450", where, reason="not written in the one form of a report")
    return version


def read_figures(data: bytes) -> Mapping[str, SummedFigure]:
    """Return only the figures of a version that `read_version` has read before. Errors: E450."""
    try:
        return _figures(CanonicalObject(decoded(data, MOST_BYTES), "report").below("figures"))
    except (NotCanonicalError, ValueError, OverflowError) as error:
        raise QuetsachError("E450", "report", reason=str(error)[:300]) from error


def _to_json(version: ReportVersionText) -> dict[str, Any]:
    if version.created_at.tzinfo is None:
        raise NotCanonicalError("created_at: without an offset")
    record: dict[str, Any] = {
        "format": FORMAT,
        "form": {
            "code": version.form,
            "version": version.form_version,
            "digest": version.form_digest,
        },
        "campaign": version.campaign,
        "phase": version.phase,
        "node": version.node,
        "unit": version.unit,
        "number": version.number,
        "kind": version.kind.value,
        "tree_revision": version.tree_revision,
        "created_at": version.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "figures": {key: figure_to_json(one) for key, one in version.figures.items()},
        "children": [_input_to_json(one) for one in version.children],
        "missing": list(version.missing),
    }
    if version.previous is not None:
        record["previous"] = version.previous
    if version.looked is not None:
        record["looked"] = _looked_to_json(version.looked)
    return record


def _looked_to_json(looked: LookedStatement) -> dict[str, Any]:
    return {
        "words": looked.words,
        "reason_code": looked.reason_code,
        "reason": looked.reason,
        "received": looked.received,
        "expected": looked.expected,
        "missing": list(looked.missing),
    }


def _input_to_json(child_input: Input) -> dict[str, Any]:
    return {
        "node": child_input.node,
        "name": child_input.name,
        "version": child_input.version,
        "digest": child_input.digest,
        "used": child_input.used.value,
        **({"reason": child_input.reason} if child_input.reason else {}),
    }


def _from_json(fields: CanonicalObject) -> ReportVersionText:
    fields.only(*_KEYS)
    if fields.text("format") != FORMAT:
        raise NotCanonicalError(f"format: not {FORMAT}")
    form = fields.below("form")
    form.only("code", "version", "digest")
    return ReportVersionText(
        form=form.text("code"),
        form_version=form.text("version"),
        form_digest=form.parsed("digest", _digest),
        campaign=fields.text("campaign"),
        phase=_positive(fields, "phase"),
        node=fields.text("node"),
        unit=fields.text("unit"),
        number=_positive(fields, "number"),
        kind=fields.parsed("kind", FormVersionKind),
        previous=fields.parsed("previous", _digest) if fields.has("previous") else None,
        tree_revision=fields.whole("tree_revision"),
        created_at=fields.parsed("created_at", datetime.fromisoformat),
        figures=_figures(fields.below("figures")),
        children=tuple(_input(one) for one in fields.items("children")),
        missing=fields.texts("missing"),
        looked=_looked(fields.below("looked")) if fields.has("looked") else None,
    )


def _looked(fields: CanonicalObject) -> LookedStatement:
    fields.only("words", "reason_code", "reason", "received", "expected", "missing")
    return LookedStatement(
        words=fields.text("words"),
        reason_code=fields.text("reason_code"),
        reason=fields.text("reason"),
        received=fields.whole("received"),
        expected=fields.whole("expected"),
        missing=fields.texts("missing"),
    )


def _figures(taken: CanonicalObject) -> dict[str, SummedFigure]:
    return {key: figure_from_json(taken.any(key), taken.within(key)) for key in taken.names()}


def _input(raw: object) -> Input:
    fields = CanonicalObject(raw, "children")
    fields.only("node", "name", "version", "digest", "used", "reason")
    return Input(
        fields.text("node"),
        fields.text("name"),
        _positive(fields, "version"),
        fields.parsed("digest", _digest),
        fields.parsed("used", ChildUse),
        fields.text("reason", ""),
    )


def _positive(taken: CanonicalObject, key: str) -> int:
    number = taken.whole(key)
    if number < 1:
        raise NotCanonicalError(f"{taken.within(key)}: less than 1")
    return number


def _digest(text: str) -> str:
    if not _DIGEST.match(text):
        raise ValueError("not a digest of 64 hex digits")
    return text
