"""The page of a version shows what there is to decide, and takes the decision."""

from quetsach_portal.lists.models import ListVersion, ListVersionState
from quetsach_portal.lists.queries import doubtful_rows, gate_page, is_running, waiting_for
from quetsach_portal.people.models.roles import Role
from tests.portal.lists.versions import fresh, received, second_owner, tried
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
    assert client.post(f"{address}act", {"act": "propose"}).status_code == 302
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
    assert (is_running(version), waiting_for(version.campaign)) == (False, 1)
