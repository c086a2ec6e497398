"""Lists for devices: made from the release by a job, fetched with an ETag and a token."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.models import PublicRange
from tests.portal.api.lists import fetch, made, publish, token_for_lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(world, tmp_path: Path) -> str:
    """A token for lists of TC01, in whose campaign there is a release."""
    return token_for_lists(world, tmp_path)


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


def test_a_new_release_has_another_list(world, text, tmp_path: Path) -> None:
    made()
    before = fetch(world, text, "edl-domains.txt")
    publish(world, tmp_path, "worse.example\n")
    made()
    after = fetch(world, text, "edl-domains.txt", **{"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "worse.example" in after.content.decode()


def test_public_addresses_of_the_units_are_in_no_list(world, text, tmp_path: Path) -> None:
    publish(world, tmp_path, "203.0.113.77\n203.0.113.88\n198.51.100.0/24\n")
    unit, actor = world.units["TC02"], world.user("TC", Role.COMPILER)
    kept = {"office": world.units["TC"], "unit": unit, "added_by": actor}
    approved = {"approved_by": world.user("TC", Role.LEAD_OWNER), "approved_at": timezone.now()}
    PublicRange.objects.create(**kept, **approved, cidr="203.0.113.77/32")
    PublicRange.objects.create(**kept, **approved, cidr="198.51.100.8/29")
    PublicRange.objects.create(**kept, cidr="203.0.113.88/32")
    made()
    listed = fetch(world, text, "edl-addresses.txt").content.decode()
    assert "203.0.113.88/32" in listed, "nobody approved that it is the unit's"
    assert "203.0.113.77" not in listed
    assert "198.51.100.0" not in listed
