"""The page of one's own data, and what it hands out."""

import json
from typing import Any

import pytest

from quetsach_portal.people.models.erasure import ErasureRequest, ErasureState
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import signed_in
from tests.portal.world import World


@pytest.mark.django_db
def test_the_page_gives_the_copy_of_oneself_alone(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    client = signed_in(user)
    page = client.get("/account/my-data/").content.decode()
    assert "Điều 14 Luật Bảo vệ dữ liệu cá nhân" in page
    answer = client.get("/account/my-data/copy.json")
    copy: dict[str, Any] = json.loads(answer.content)
    assert copy["account"]["email"] == user.email
    assert "people.Assignment.user" in {entry["field"] for entry in copy["rows"]}
    assert world.user("TC", Role.LEAD_OWNER).email not in answer.content.decode()
    html = client.get("/account/my-data/copy.html")
    assert html["Content-Disposition"].startswith("attachment")
    assert user.email in html.content.decode()
    client.post("/account/my-data/", {"reason": "Nghỉ hưu"})
    assert "Đang chờ quyết định" in client.get("/account/my-data/").content.decode()
    client.post("/account/my-data/withdraw")
    assert ErasureRequest.objects.get().state == ErasureState.WITHDRAWN


@pytest.mark.django_db
def test_a_copy_asks_again_who_is_there(world: World) -> None:
    client = signed_in(world.user("TC01", Role.CLERK), minutes_ago=11)
    for name in ("copy.json", "copy.html"):
        answer = client.get(f"/account/my-data/{name}")
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]


@pytest.mark.django_db
def test_an_owner_reads_the_request_and_answers(world: World) -> None:
    user, owner = world.user("TC01", Role.CLERK), world.user("TC01", Role.LEAD_OWNER)
    client = signed_in(owner)
    page = f"/account/erasure/{user.pk}/"
    assert "chưa yêu cầu" in client.get(page).content.decode()
    signed_in(user).post("/account/my-data/", {"reason": "Nghỉ hưu"})
    assert "Nghỉ hưu" in client.get(page).content.decode()
    answer = client.post(page, {"decision": "refuse", "answer": ""})
    assert "phải nêu lý do" in answer.content.decode() or answer.status_code == 200
    assert ErasureRequest.objects.get().state == ErasureState.ASKED
    client.post(page, {"decision": "refuse", "answer": "Còn chiến dịch"})
    assert ErasureRequest.objects.get().state == ErasureState.REFUSED
    assert "Còn chiến dịch" in signed_in(user).get("/account/my-data/").content.decode()
