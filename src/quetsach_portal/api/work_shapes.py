"""What the interface sends of letters, evidence, cases and notices."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class LetterOut(Schema):
    """A letter, own or received."""

    id: int
    campaign_id: int
    node_id: int
    issuer_name: str
    subject: str
    state: str
    number: int | None
    code: str
    signed_on: date | None
    deadline: date | None
    released_at: datetime | None


class SubmissionOut(Schema):
    """Something handed in, and how far it is."""

    id: int
    node_id: int
    kind: str
    state: str
    note: str
    trust: str
    lines: int
    sources: int
    sightings: int
    devices: int
    problems: int
    first_day: date | None
    last_day: date | None
    created_at: datetime
    finished_at: datetime | None
    told: dict[str, Any]


class DeviceOut(Schema):
    """A device of the own unit."""

    id: int
    key: str
    label: str
    host_name: str
    mac: str
    addresses: list[str]
    grade: str


class CaseOut(Schema):
    """A case of the own unit, with its device."""

    id: int
    node_id: int
    state: str
    outcome: str
    recurrences: int
    opened_at: datetime
    closed_at: datetime | None
    last_seen: datetime | None
    due_at: datetime | None
    owner_says: str
    verifier_says: str
    device: DeviceOut


class FindingOut(Schema):
    """An indicator that the device met."""

    shown: str
    kind: str
    label: str
    sightings: int
    best_grade: str
    first_seen: datetime | None
    last_seen: datetime | None


class CaseDetail(CaseOut):
    """A case with what its device met."""

    findings: list[FindingOut]


class NoticeItemOut(Schema):
    """One item of a notice, and how it ended."""

    number: int
    outcome: str
    at: datetime | None
    address: str
    port: int | None
    remote: str
    family: str
    device_key: str
    grade: str
    because: str
    case_id: int | None


class NoticeBatchOut(Schema):
    """A file of notices, with its account: items in are items out."""

    id: int
    node_id: int
    source: str
    state: str
    problem: str
    items: int
    accounts: dict[str, int]
    handed_in_at: datetime


class RatesOut(Schema):
    """How many of the expected reports of a subtree are there, for one phase."""

    phase_no: int
    expected: int
    excused: int
    reported: int
    on_time: int
    signed: int


class EventOut(Schema):
    """A row of the audit trail that the token's maker may read."""

    seq: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    unit_path: str
    detail: dict[str, Any]
    digest: str


class JobOut(Schema):
    """A background job."""

    id: int
    kind: str
    state: str
    attempts: int
    progress: int
    said: str
    problem: str
    created_at: datetime
    finished_at: datetime | None
