"""A campaign with a list, logs to hand in, and findings made at home; for tests of the intake."""

import hashlib
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach.api import lists, signing, sweeps
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.release import as_json, facts_of, hex_of
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.files.models import FilePurpose, FileState, StoredFile
from quetsach_portal.files.storage import new_place, path_of
from quetsach_portal.intake import actions
from quetsach_portal.intake.models import (
    Submission,
    SubmissionKind,
    UnitKey,
)
from quetsach_portal.intake.own_tables import add_key
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.sweeping.evidence import HEADER, conn

LIST = "203.0.113.77\nbad.example\n"
LOG = (
    HEADER
    + conn(0, "10.0.0.5", "203.0.113.77")
    + conn(60, "10.0.0.6", "198.51.100.9")
    + conn(2 * 86_400, "10.0.0.6", "198.51.100.9")
)
"""10.0.0.5 met the list on 12/9/2022; on 13/9 nothing was written."""
CLEAN = HEADER + conn(0, "10.0.0.6", "198.51.100.9")


def publish(world: World, text: str = LIST, campaign: Campaign | None = None) -> Campaign:
    """Give the campaign a list."""
    chosen = campaign or world.campaign
    assert chosen is not None
    release = release_bytes(text)
    stored = StoredFile(
        purpose=FilePurpose.DOCUMENT,
        name="release.jsonl",
        size=len(release),
        sha256=hashlib.sha256(release).hexdigest(),
        owner_path=chosen.lead_unit.path,
        state=FileState.ACCEPTED,
    )
    new_place(stored.pk).write_bytes(release)
    stored.save(force_insert=True)
    facts = facts_of(stored)
    chosen.release_file, chosen.release_path = stored, str(path_of(stored))
    chosen.release_sha256, chosen.release_facts = hex_of(facts), as_json(facts)
    chosen.save()
    return chosen


def release_bytes(text: str = LIST) -> bytes:
    """Return a release of the list `text`."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "list.txt").write_text(text)
        out = Path(folder) / "release.jsonl"
        titles = lists.ReleaseTitles(created="2022-09-10T00:00:00+07:00", title="Đợt 1")
        lists.release_indicators([Path(folder) / "list.txt"], titles, lists.ReleaseTarget(out=out))
        return out.read_bytes()


def given(name: str, content: bytes | str) -> FileUpload:
    """Return a file as a form brings it."""
    data = content.encode() if isinstance(content, str) else content
    return FileUpload(SimpleUploadedFile(name, data))


def hand_in(
    world: World,
    files: dict[str, bytes | str],
    *,
    code: str = "TC01",
    kind: str = SubmissionKind.LOGS,
    actor: User | None = None,
) -> Submission:
    """Return a submission that was begun, filled and sent off, and not yet looked through."""
    who = actor or world.user(code, Role.FOCAL_POINT)
    first, *others = files.items()
    node = world.nodes[code]
    row = actions.begin(node, kind=kind, upload=given(*first), note="", token=uuid4(), actor=who)
    for one in others:
        actions.add_file(row, given(*one), actor=who)
    actions.send(row, actor=who)
    return fresh(row)


def looked_through(world: World, files: dict[str, bytes | str], **more: object) -> Submission:
    """Return a submission after its jobs have run."""
    row = hand_in(world, files, **more)  # type: ignore[arg-type]
    run_ready()
    return fresh(row)


def fresh(row: Submission) -> Submission:
    """Return the row as the database has it."""
    return Submission.objects.select_related("node__campaign", "node__unit", "job").get(pk=row.pk)


def made_at_home(
    folder: Path, text: str = LOG, *, release: bytes | None = None, key: Path | None = None
) -> Path:
    """Return findings that somebody made at home, as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release.jsonl").write_bytes(release_bytes() if release is None else release)
    (folder / "conn.log").write_text(text)
    request = sweeps.sweep_request(
        evidence=[str(folder / "conn.log")],
        lists=[folder / "release.jsonl"],
        out=folder / "findings",
        sign=key,
    )
    sweeps.sweep(request)
    return folder / "findings"


def zipped(folder: Path, base: str = "findings/", **more: bytes) -> bytes:
    """Return the folder as a zip; `more` are further members by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.writestr(base + path.relative_to(folder).as_posix(), path.read_bytes())
        for name, content in more.items():
            archive.writestr(name, content)
    return packed.getvalue()


def begun(world: World, **more: object) -> Submission:
    facts = {"kind": SubmissionKind.LOGS, "note": "", "token": uuid4()} | more
    actor = world.user("TC01", Role.FOCAL_POINT)
    return actions.begin(
        world.nodes["TC01"],
        upload=given("conn.log", LOG),
        actor=actor,
        **facts,  # type: ignore[arg-type]
    )


def taken(world: World, content: bytes) -> Submission:
    return looked_through(world, {"findings.zip": content}, kind=SubmissionKind.FINDINGS)


def key_pair(folder: Path) -> signing.KeyPair:
    return signing.new_key("don-vi", folder, owner="Xã Một")


def register(world: World, pair: signing.KeyPair, code: str = "TC01") -> UnitKey:
    unit, actor = world.units[code], world.user(code, Role.FOCAL_POINT)
    return add_key(unit, pem=pair.public.read_text(), actor=actor)


def as_released(world: World) -> bytes:
    campaign = publish(world)
    assert campaign.release_file is not None
    return Path(campaign.release_path).read_bytes()


def processes_in(folder: Path) -> list[int]:
    """Return the processes that stand in a folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if one.readlink() == folder:
                found.append(int(one.parent.name))
        except OSError:
            continue
    return found
