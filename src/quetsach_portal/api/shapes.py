"""What the interface sends and takes, as JSON; times are ISO 8601 with their offset."""

from datetime import datetime

from ninja import Schema


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
