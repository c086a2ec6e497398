"""The page of a version shows what there is to decide, and takes the decision."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.lists.models import ListVersion, ListVersionState
from quetsach_portal.lists.queries import doubtful_rows, gate_page, is_running, waits_of
from quetsach_portal.people.models.roles import Role
from tests.portal.lists.versions import fresh, put_in_force, received, second_owner, tried
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World


def test_a_list_goes_its_way_by_the_pages_alone(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    version = tried(world)
    address = f"/versions/{version.campaign_id}/{version.n}/"
    client, second = signed_in(owner), signed_in(other)
    page = client.get(address).content.decode()
    for word in ("8.8.8.8", "facebook.com", "10.1.2.3", "Đề nghị áp dụng"):
        assert word in page
    row = version.doubtful.get(key="8.8.8.8")
    kept = {"rows": [row.pk], "decision": "keep", "reason": "", "until": ""}
    assert client.post(f"{address}rows", kept).status_code == 422
    answer = client.post(f"{address}rows", {**kept, "reason": "thư của bộ"})
    assert answer.status_code == 302
    refused = client.post(f"{address}act", {"act": "propose"})
    assert (refused.status_code, "chưa quyết định" in refused.content.decode()) == (422, True)
    agreed = {"act": "propose", "leaves_open": "on"}
    assert client.post(f"{address}act", agreed).status_code == 302
    run_ready()
    assert "Bạn là người đề nghị" in client.get(address).content.decode()
    client.post(f"{address}act", {"act": "approve"})
    assert fresh(version).state == ListVersionState.PROPOSED
    second.post(f"{address}act", {"act": "approve"})
    run_ready()
    assert fresh(version).state == ListVersionState.IN_FORCE
    listed = client.get(f"/versions/{version.campaign_id}/").content.decode()
    assert "Danh sách mới" in listed
    assert client.post(f"{address}act", {"act": "burn"}).status_code == 422
    answer = client.get(f"{address}file")
    assert answer.status_code == 200
    assert answer.getvalue()


def test_a_version_that_is_not_checked_yet_stands_in_the_table(world: World) -> None:
    version = received(world)
    listed = signed_in(world.user("TC", Role.LEAD_OWNER)).get(f"/versions/{version.campaign_id}/")
    assert (listed.status_code, version.entries) == (200, None)
    assert (ListVersion(facts={"count": 3}).entries, ListVersion(checked={"count": 5}).entries) == (
        3,
        5,
    )


def test_the_page_counts_what_is_open(world: World) -> None:
    version = tried(world)
    page = gate_page(version)
    assert (page.doubtful, page.undecided, page.kept, page.refused_count) == (2, 2, 0, 1)
    assert doubtful_rows(version, "open").count() == 2
    assert (is_running(version), waits_of(version.campaign)) == (False, (1, 0))


def test_the_step_of_the_preparation_shows_the_gate_and_acts_lead_back_to_it(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    assert world.campaign is not None
    step = f"/versions/{world.campaign.pk}/step"
    client = signed_in(owner)
    setup = client.get(f"/campaigns/{world.campaign.pk}/setup/").content.decode()
    assert step in setup
    upload = SimpleUploadedFile("ds.txt", b"8.8.8.8\nbad.example\n10.1.2.3\n")
    answer = client.post(step, {"title": "Đợt 2", "lists": upload})
    assert (answer.status_code, answer["Location"]) == (302, step)
    run_ready()
    page = client.get(step).content.decode()
    for word in (
        "8.8.8.8",
        "10.1.2.3",
        "Đưa ra khỏi danh sách",
        "cơ quan bảo lãnh",
        'name="back" value="step"',
    ):
        assert word in page
    assert "--accept-private" not in page
    version = ListVersion.objects.get()
    address = f"/versions/{version.campaign_id}/{version.n}/"
    row = version.doubtful.get().pk
    kept = {"rows": [row], "decision": "keep", "reason": "", "back": "step"}
    refused = client.post(f"{address}rows", kept)
    assert refused.status_code == 422
    assert 'class="rail"' in refused.content.decode()
    answer = client.post(f"{address}rows", {**kept, "decision": "drop"})
    assert answer["Location"] == step
    answer = client.post(f"{address}act", {"act": "propose", "back": "step"})
    assert answer["Location"] == step


def test_an_expired_decision_is_decided_anew_from_the_page(world: World) -> None:
    version = put_in_force(world, "8.8.8.8\n", **{"8.8.8.8": "thư của bộ"})
    version.doubtful.update(expired_at=timezone.now())
    client = signed_in(world.user("TC", Role.LEAD_OWNER))
    address = f"/versions/{version.campaign_id}/{version.n}/"
    page = client.get(address).content.decode()
    assert "Đưa lại các danh sách này vào kiểm tra" in page
    assert client.post(f"{address}act", {"act": "again"}).status_code == 302
    run_ready()
    again = ListVersion.objects.get(n=version.n + 1)
    assert list(again.doubtful.values_list("key", "decision")) == [("8.8.8.8", "")]
