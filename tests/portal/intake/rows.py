"""Rows of the intake, made without a sweep; for tests of pages and rights."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from quetsach.api import signing
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.files.models import FilePurpose, FileState, StoredFile
from quetsach_portal.files.storage import new_place
from quetsach_portal.intake.folders import findings_folder
from quetsach_portal.intake.models import (
    LogSource,
    OwnTable,
    Submission,
    SubmissionState,
    UnitKey,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rows import Rewound
from tests.portal.intake.handing_in import LOG, publish
from tests.portal.world import World, make_campaign

LOOK = {
    "number": "00aa11bb22cc33dd",
    "path": "evidence/gw.log",
    "offset": 4096,
    "line": "<134>1 gw7 ~ 10.20.3.41 > 203.0.113.77 PC-KETOAN-03",
    "dataset": "text",
    "indicators": ["203.0.113.77"],
    "why": "unknown-form",
}
"""A line that only mentions an indicator, as a submission keeps it."""

SUMMARY = {
    "lines": 120,
    "indicators": 2,
    "rejects": 3,
    "reject_reasons": {"bad-port": 3},
    "source_count": 1,
    "device_count": 1,
    "not_blamed": 1,
    "unattributed": 4,
    "problem_count": 1,
    "left_out": [],
    "signed_by": "",
    "lists": ["ab" * 32],
    "sources": [
        {
            "path": "evidence/conn.log",
            "format": "zeek-tsv",
            "kinds": ["connection"],
            "lines": 120,
            "rejects": 3,
            "sightings": 1,
            "days": 2,
            "first": "2022-09-12T07:00:00+07:00",
            "last": "2022-09-14T07:00:00+07:00",
        }
    ],
    "days": {"2022-09-12": {"lines": 100, "alive": 2}, "2022-09-14": {"lines": 20, "alive": 1}},
    "devices": [
        {
            "device": "PC-KT-01",
            "addresses": ["10.0.0.5"],
            "grade": "certain",
            "best_grade": "moved",
            "indicators": ["203.0.113.77"],
            "sightings": 1,
            "first": "2022-09-12T07:00:00+07:00",
            "last": "2022-09-12T07:00:00+07:00",
        }
    ],
    "problems": [
        {
            "code": "E106",
            "where": "evidence/cut.gz",
            "what": "the compressed data break off",
            "todo": "Fetch it again.",
            "facts": {"offset": "1654"},
        }
    ],
}
"""What a submission that was looked through keeps, as JSON."""


def node_of(world: World, code: str) -> CampaignNode:
    """Return the node of a unit in a running campaign with a list, made if there is none."""
    if code not in world.nodes:
        make_campaign(world, lead=code)
    # Read anew: a test may have undone what an earlier call has published.
    node = CampaignNode.objects.select_related("campaign__lead_unit").get(pk=world.nodes[code].pk)
    if node.campaign.release_file is None:
        node.campaign = publish(world, campaign=node.campaign)
    return node


def upload(name: str, content: str = LOG) -> Rewound:
    """Return a file as a browser sends it, again and again."""
    return Rewound(name, content.encode())


def make_file(world: World, code: str, purpose: FilePurpose = FilePurpose.EVIDENCE) -> StoredFile:
    """Return a file that was taken."""
    stored = StoredFile(
        purpose=purpose,
        name="conn.log",
        size=len(LOG),
        sha256="cd" * 32,
        state=FileState.ACCEPTED,
        owner_path=world.units[code].path,
        uploaded_by=world.user(code, Role.FOCAL_POINT),
    )
    new_place(stored.pk).write_text(LOG)
    stored.save(force_insert=True)
    return stored


def make_draft(world: World, code: str, **fields: object) -> Submission:
    """Return a draft with one file; `fields` say otherwise."""
    facts = {"kind": "logs", "state": SubmissionState.RECEIVING, **fields}
    row = Submission.objects.create(
        token=uuid4(),
        node=node_of(world, code),
        created_by=world.user(code, Role.FOCAL_POINT),
        **facts,
    )
    row.files.add(make_file(world, code))
    return row


def make_failed(world: World, code: str) -> Submission:
    """Return a submission that could not be looked through."""
    told = {"code": "H202", "where": "", "what": "", "todo": "", "facts": {}}
    return make_draft(world, code, state=SubmissionState.FAILED, told=told)


def make_done(world: World, code: str, **fields: object) -> Submission:
    """Return a submission that was looked through, with a report on the disk."""
    name = f"made-{uuid4().hex}"
    findings_folder(name).mkdir(parents=True)
    (findings_folder(name) / "report.html").write_text("<!doctype html><script>1</script>")
    facts = {
        "state": SubmissionState.DONE,
        "findings": name,
        "summary": SUMMARY,
        "lines": 120,
        "sources": 1,
        "sightings": 1,
        "devices": 1,
        "problems": 2,
        "days": 2,
        "first_day": date(2022, 9, 12),
        "last_day": date(2022, 9, 14),
        "manifest_digest": "sha256:" + "ef" * 32,
        "finished_at": timezone.now(),
        **fields,
    }
    return make_draft(world, code, **facts)


def make_looked(world: World, code: str) -> Submission:
    """Return a submission whose logs name an indicator in a line that names no machine."""
    more = {"lines_to_look_at": 1, "look": [LOOK], "set_aside": ["evidence/README.txt"]}
    return make_done(world, code, summary=SUMMARY | more)


def make_table(world: World, code: str) -> OwnTable:
    """Return a table of a unit."""
    return OwnTable.objects.create(
        unit=world.units[code],
        kind="inventory",
        file=make_file(world, code, FilePurpose.REGISTER),
        as_of=date(2022, 9, 1),
        added_by=world.user(code, Role.FOCAL_POINT),
    )


def public_key() -> str:
    """Return a new public key as PEM."""
    with TemporaryDirectory() as folder:
        return signing.new_key("k", Path(folder)).public.read_text()


def make_key(world: World, code: str) -> UnitKey:
    """Return a key of a unit."""
    return UnitKey.objects.create(
        unit=world.units[code],
        key_id="0123456789abcdef",
        pem=public_key(),
        added_by=world.user(code, Role.FOCAL_POINT),
    )


def make_source(world: World, code: str) -> LogSource:
    """Return what a unit declares of a source."""
    return LogSource.objects.create(
        unit=world.units[code],
        name="Tường lửa",
        pattern="fw*.log",
        zone="UTC",
        declared_by=world.user(code, Role.TECHNICIAN),
    )


SignIn = Callable[[str, Role], Client]


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()
