"""Lists for devices: made from the release by a job, fetched with an ETag and a token."""

import base64
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
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

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def text(world, tmp_path: Path) -> str:
    """A token for lists of TC01, in whose campaign there is a release."""
    publish(world, tmp_path, "bad.example\n203.0.113.77\nhttp://tai-ve.example/gate.php\n")
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


def test_a_list_is_made_by_a_job_and_then_fetched_once(world, text) -> None:
    waiting = fetch(world, text, "edl-domains.txt")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "60")
    made()
    first = fetch(world, text, "edl-domains.txt")
    assert first.status_code == 200
    assert "bad.example" in first.content.decode().splitlines()
    again = fetch(world, text, "edl-domains.txt", **{"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_zone_is_one_that_bind_loads(world, text, tmp_path: Path) -> None:
    program = shutil.which("named-checkzone", path="/usr/bin:/usr/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("no named-checkzone here")
    made()
    zone = tmp_path / "rpz.zone"
    zone.write_bytes(fetch(world, text, "rpz-watch.zone").content)
    done = subprocess.run([program, "rpz.example", zone], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_addresses_and_urls_stand_in_lists_of_their_own(world, text) -> None:
    made()
    assert "203.0.113.77" in fetch(world, text, "edl-addresses.txt").content.decode()
    assert "tai-ve.example/gate.php" in fetch(world, text, "edl-urls.txt").content.decode()


def test_basic_authentication_carries_the_token_too(world, text) -> None:
    made()
    pair = base64.b64encode(f"fw:{text}".encode()).decode()
    answer = Client().get(
        f"/lists/{world.campaign.pk}/edl-urls.txt", headers={"authorization": f"Basic {pair}"}
    )
    assert answer.status_code == 200


def test_a_new_release_has_another_list(world, text, tmp_path: Path) -> None:
    made()
    before = fetch(world, text, "edl-domains.txt")
    publish(world, tmp_path, "worse.example\n")
    made()
    after = fetch(world, text, "edl-domains.txt", **{"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "worse.example" in after.content.decode()


def test_nobody_gets_a_list_without_a_token_or_of_another_campaign(world, text) -> None:
    made()
    bare = Client().get(f"/lists/{world.campaign.pk}/edl-urls.txt")
    assert bare.status_code == 401
    assert "Basic" in bare.headers["WWW-Authenticate"]
    assert fetch(world, text, "../secret.key").status_code == 404
    assert fetch(world, text, "edl-everything.txt").status_code == 404
    stranger = make_token(
        world.units["KH"],
        name="x",
        scopes=["lists"],
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("KH", Role.FOCAL_POINT),
    )[1]
    assert fetch(world, stranger, "edl-urls.txt").status_code == 404
