"""What a browser may keep, whose it is, and how an act that waited there is answered."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.cases.models.case import CaseFile, Handling
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rows import make_case
from tests.portal.files.samples import pdf
from tests.portal.world import World

pytestmark = pytest.mark.django_db

CODE = "TC02"
WAITED = {"headers": {"X-Kept-Act": "1"}}


def step(client: Client, case: Any, **fields: Any) -> Any:
    typed = {"version": case.version, "token": uuid4().hex, "kept_s": "90", **fields}
    return client.post(f"/cases/{case.pk}/steps/disconnect", typed, **WAITED)


@pytest.mark.asvs("V14.3.3")
def test_only_today_and_cases_may_be_kept_each_under_the_key_of_its_person(
    world: World, client_of: Any
) -> None:
    case = make_case(world, CODE)
    clerk, technician = client_of(CODE, Role.FOCAL_POINT), client_of(CODE, Role.TECHNICIAN)
    pages = [clerk.get("/"), clerk.get(f"/cases/{case.pk}/"), technician.get("/")]
    keys = [page.headers["X-Kept-Key"] for page in pages]
    assert keys[0] == keys[1] != keys[2]
    persons = [page.headers["X-Kept-Person"] for page in pages]
    assert persons[0] == persons[1] != persons[2]
    assert all(page.headers["Cache-Control"] == "no-store" for page in pages)
    others = clerk.get("/cases/")
    assert "X-Kept-Key" not in others.headers
    assert others.headers["X-Kept-Person"] == persons[0]
    state = clerk.get("/offline/state").json()
    assert (state["person"], state["key"]) == (persons[0], keys[0])


@pytest.mark.asvs("V14.3.1")
def test_a_page_of_nobody_says_so_and_a_sign_out_clears_the_browser(
    world: World, client_of: Any
) -> None:
    assert Client().get("/account/login/").headers["X-Kept-Person"] == "-"
    clerk = client_of(CODE, Role.FOCAL_POINT)
    assert "Clear-Site-Data" not in clerk.get("/account/logout/").headers
    assert clerk.post("/account/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_the_worker_is_small_asked_for_anew_and_holds_the_whole_portal() -> None:
    response = Client().get("/offline-worker.js")
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert len(response.content) <= 10 * 1024
    assert Client().get("/offline/state").status_code == 302


def test_the_page_without_network_is_the_same_for_everybody(world: World, client_of: Any) -> None:
    clerk = client_of(CODE, Role.FOCAL_POINT)
    assert clerk.get("/offline/").content == Client().get("/offline/").content


def test_a_step_that_is_sent_twice_is_recorded_once_and_when_it_was_done(
    world: World, client_of: Any
) -> None:
    case, technician = make_case(world, CODE), client_of(CODE, Role.TECHNICIAN)
    token = uuid4().hex
    answers = [step(technician, case, token=token).json() for _ in range(2)]
    assert answers == [{"taken": True, "why": ""}] * 2
    handling = Handling.objects.get()
    assert 89 <= (handling.told_at - handling.at).total_seconds() <= 100
    assert handling.note.startswith("Ghi khi mất mạng, gửi lúc")


def test_a_photo_that_is_sent_twice_is_kept_once(world: World, client_of: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case, technician = make_case(world, CODE), client_of(CODE, Role.TECHNICIAN)
    token = uuid4().hex
    for _ in range(2):
        typed = {"upload": SimpleUploadedFile("a.pdf", pdf()), "told": "", "token": token}
        answer = technician.post(f"/cases/{case.pk}/files", typed, **WAITED)
        assert answer.json() == {"taken": True, "why": ""}
    assert CaseFile.objects.count() == 1


def test_a_form_that_is_sent_again_with_something_else_in_it_is_not_taken_for_the_same(
    world: World, client_of: Any
) -> None:
    """A browser that goes back shows the form as it was, with its token."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    case, technician = make_case(world, CODE), client_of(CODE, Role.TECHNICIAN)
    token = uuid4().hex
    assert step(technician, case, token=token).json()["taken"]
    scan = {"version": case.version, "token": token, "result": "clean", "tool": "X"}
    answer = technician.post(f"/cases/{case.pk}/steps/scan", scan, **WAITED).json()
    assert (answer["taken"], "tải lại" in answer["why"].lower()) == (False, True)
    Handling.objects.update(withdrawn_at=timezone.now())
    assert not step(technician, case, token=token).json()["taken"]
    for content, taken in ((pdf(), True), (pdf(b"% other\n"), False)):
        typed = {"upload": SimpleUploadedFile("a.pdf", content), "told": "", "token": token}
        answer = technician.post(f"/cases/{case.pk}/files", typed, **WAITED).json()
        assert answer["taken"] is taken, answer
    assert (Handling.objects.count(), CaseFile.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"version": 99}, "vừa thay đổi"), ({"kept_s": "1209601"}, "hơn hai tuần")],
)
def test_what_is_not_taken_is_answered_with_its_reason(
    world: World, client_of: Any, fields: dict[str, Any], words: str
) -> None:
    case, technician = make_case(world, CODE), client_of(CODE, Role.TECHNICIAN)
    answer = step(technician, case, **fields).json()
    assert not answer["taken"]
    assert words in answer["why"]
    assert not Handling.objects.exists()


def test_a_file_that_is_not_taken_is_answered_with_its_reason(world: World, client_of: Any) -> None:
    clerk = client_of(CODE, Role.FOCAL_POINT)
    address = f"/today/units/{world.nodes[CODE].pk}/look"
    answer = clerk.post(address, {"note": "", "token": uuid4().hex}, **WAITED).json()
    assert not answer["taken"]
    assert answer["why"]
