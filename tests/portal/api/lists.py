"""Lists for devices in tests: a release, a token for lists, and a device that fetches."""

from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quetsach.api import lists
from quetsach_portal.api.tokens import make_token
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from tests.portal.working import run_ready


def publish(world, folder: Path, rows: str) -> None:
    """Make a release of `rows` the campaign's."""
    listed = folder / f"{len(rows)}.txt"
    listed.write_text(rows)
    release = folder / f"{len(rows)}.jsonl"
    titles = lists.ReleaseTitles("2022-09-12T08:00:00+07:00", "Đợt 1")
    published = lists.release_indicators([listed], titles, lists.ReleaseTarget(out=release))
    stored = store_upload(
        SimpleUploadedFile("release.jsonl", release.read_bytes()),
        purpose=FilePurpose.RELEASE,
        owner_path=world.units["TC"].path,
        actor=world.user("TC", Role.LEAD_OWNER),
    )
    world.campaign.release_file = stored
    world.campaign.release_sha256 = published.digest.removeprefix("sha256:")
    world.campaign.save()


def token_for_lists(world, folder: Path) -> str:
    """Return a token for lists of TC01, in whose campaign there is a release then."""
    publish(world, folder, "bad.example\n203.0.113.77\nhttp://tai-ve.example/gate.php\n")
    _token, text = make_token(
        world.units["TC01"],
        name="x",
        scopes=["lists"],
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("TC01", Role.FOCAL_POINT),
    )
    return text


def fetch(world, text: str, name: str, **headers: str):
    address = f"/lists/{world.campaign.pk}/{name}"
    return Client().get(address, headers={"authorization": f"Bearer {text}", **headers})


def made() -> None:
    enqueue("lists.make", key=f"lists:{timezone.now().timestamp()}")
    run_ready()
