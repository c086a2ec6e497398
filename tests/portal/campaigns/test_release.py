"""The list of harmful addresses is one release, read whole and named by its digest."""

from pathlib import Path

import pytest

from quetsach.api.lists import ReleaseTarget, ReleaseTitles, release_indicators
from quetsach.api.signing import release_facts
from quetsach_portal.campaigns.actions.phases import take_release
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.release import (
    kinds_in_words,
    lines_of_words,
    path_of_release,
    release_problem,
)
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import LIST, owner, prepared, upload
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(register: World) -> Campaign:
    return prepared(register)


@pytest.fixture
def release(tmp_path: Path) -> bytes:
    source, out = tmp_path / "xau.csv", tmp_path / "xau.jsonl"
    source.write_text(LIST, encoding="utf-8")
    titles = ReleaseTitles(created="2022-09-01T08:00:00+07:00", title="Đợt 1", campaign="Thử")
    release_indicators([source], titles, ReleaseTarget(out=out))
    return out.read_bytes()


def test_a_release_is_kept_with_its_count_and_words(register, campaign, release: bytes) -> None:
    take_release(campaign, upload(release), actor=owner(register))
    campaign.refresh_from_db()
    path = path_of_release(campaign)
    assert path is not None
    facts = release_facts(path)
    assert campaign.release_facts["count"] == facts.count == 2
    assert [word for word, _count in kinds_in_words(campaign)] == ["địa chỉ IP", "tên miền"]
    assert campaign.release_sha256 == facts.digest.removeprefix("sha256:")
    assert Path(campaign.release_path) == path
    assert sum(len(line.split()) for line in lines_of_words(campaign)) == 24
    assert release_problem(campaign) == ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.replace(b"xau.example", b"tot.example"),
        lambda raw: raw[: len(raw) // 2],
        lambda _raw: b"khong phai ban phat hanh\n",
        lambda raw: raw.replace(b'"count":2', b'"count":3', 1) + b"{}\n",
    ],
)
def test_a_release_that_was_changed_is_refused(register, campaign, release, damage) -> None:
    with pytest.raises(Refused):
        take_release(campaign, upload(damage(release)), actor=owner(register))
    campaign.refresh_from_db()
    assert campaign.release_file is None


def test_a_file_that_changed_on_the_disk_is_told(register, campaign, release: bytes) -> None:
    take_release(campaign, upload(release), actor=owner(register))
    campaign.refresh_from_db()
    path = path_of_release(campaign)
    assert path is not None
    path.write_bytes(release.replace(b"xau.example", b"tot.example"))
    assert release_problem(campaign)
