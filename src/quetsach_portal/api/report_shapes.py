"""Reports as the interface sends them: versions, their figures, and what they were added up of."""

from datetime import datetime

from ninja import Schema


class VersionOut(Schema):
    """A version of a report; `code` are the 16 hex digits on its paper, `prev_sha256` its line.

    `kind` is original, correction, supplement or nil; `reason` says why it was changed.
    """

    id: int
    slot_id: int
    node_id: int
    unit: str
    phase_no: int
    n: int
    kind: str
    reason_code: str
    reason: str
    state: str
    is_late: bool
    created_at: datetime
    signed_at: datetime | None
    sha256: str
    prev_sha256: str


class FigureOut(Schema):
    """One figure: own + children + adjust - overlap = total.

    Without a number `total` is null and `absent` says why: missing, nil, not_collected,
    not_applicable. `words` is a text, a choice or a table.
    """

    key: str
    own: int | None
    children: int | None
    adjust: int
    overlap: int
    total: int | None
    absent: str
    grade: str
    words: str


class InputOut(Schema):
    """A report from below as it went in: `used` is yes, late, excluded or missing."""

    slot_id: int
    node_id: int
    unit: str
    version_id: int | None
    used: str
    reason: str


class VersionDetail(VersionOut):
    """A version with all it says; `does_not_add_up` names fields that a recount contradicts."""

    form_code: str
    form_version: str
    tree_rev: int
    figures: list[FigureOut]
    inputs: list[InputOut]
    does_not_add_up: list[str]


class PayloadOut(Schema):
    """The very text of which `sha256` is the digest, as canonical JSON in UTF-8."""

    sha256: str
    payload: str
