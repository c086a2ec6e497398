"""Shapes that the interface sends and takes as JSON; times are ISO 8601 with their offset."""

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


A_FILE = {
    "responses": {
        200: {
            "description": "The file, as it was taken",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}
"""What the description says of an address that hands out a file."""


class FileOut(Schema):
    """A file: what it is called, its bytes and their digest."""

    name: str
    size: int
    sha256: str


def name_of(somebody: object) -> str:
    """Return the name of a person as pages show it, "" where nobody is known."""
    return "" if somebody is None else str(somebody)


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


class UnitOut(Schema):
    """A unit of the register."""

    id: int
    code: str
    kind: str
    name: str
    id_old: str
    id_new: str
    area_code: str
    parent_id: int | None
    depth: int


class PhaseOut(Schema):
    """A phase; `due_at` is exclusive."""

    no: int
    title: str
    opens_at: datetime
    due_at: datetime


class CampaignOut(Schema):
    """A campaign in which the unit stands."""

    id: int
    title: str
    state: str
    form_code: str
    form_version: str
    release_sha256: str
    starts_at: datetime | None
    ends_at: datetime | None


class CampaignDetail(CampaignOut):
    """A campaign with its phases and tasks."""

    legal_basis: str
    goal: str
    page_url: str
    phases: list[PhaseOut]


class TallyOut(Schema):
    """Counters of a subtree, the node itself included."""

    units: int
    told: int
    received: int
    deployed: int
    staff: int
    joined_staff: int
    joined_relatives: int
    joined_public: int
    cases_open: int
    cases_verified: int
    cases_recurred: int
    cases_other: int


class NodeOut(Schema):
    """A unit's place in a campaign, with the first times of its steps."""

    id: int
    campaign_id: int
    unit_id: int
    parent_id: int | None
    depth: int
    name_at_freeze: str
    state: str
    staff: int
    told_at: datetime | None
    received_at: datetime | None
    deployed_at: datetime | None


class NodeDetail(NodeOut):
    """A node with the counters of its subtree."""

    tally: TallyOut | None


class SlotOut(Schema):
    """An expected report."""

    id: int
    phase_no: int
    state: str
    due_at: datetime
    reported_at: datetime | None
    signed_at: datetime | None


class DayOut(Schema):
    """Participation of one unit on one day."""

    day: str
    staff: int
    relatives: int
    public: int
    over_cap: int
    checked: int
    cleaned: int
    pulled: int


class ProblemOut(Schema):
    """Why not."""

    detail: str
