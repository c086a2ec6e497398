"""The pages of letters, by the people who use them; drafts are nobody else's."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from pypdfium2 import PdfDocument

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions import drafting, numbering, paper
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState, Letter, LetterState
from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.access.walk import put_down
from tests.portal.letters import staged
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def test_D3_what_no_typeface_shows_is_named_before_the_letter_is_released(world, client_of) -> None:
    letter = staged.draft(world)
    actor, clerk = world.user("TC", Role.COMPILER), client_of("TC", Role.CLERK)
    tasks = {**letter.values, "tasks": ["Ghi mã \ue000 vào sổ"]}
    words = staged.wording(letter, values=tasks)
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    told = "Không in được ký tự này: U+E000, trong đoạn “Ghi mã □ vào sổ”."
    assert told in text(clerk.get(f"/letters/{letter.pk}/"))
    given = staged.signing(urgency="flash", contact="Địa chỉ: Khóm 3")
    made = numbering.give_number(
        letter.pk, given, repeat_is_meant=False, actor=world.user("TC", Role.CLERK)
    )
    check = text(clerk.get(f"/letters/{letter.pk}/release/"))
    assert told in check
    assert "HỎA TỐC" in check
    with PdfDocument(path_of(made.pdf)) as document:
        printed = document[0].get_textpage().get_text_range()
    assert "HỎA TỐC" in printed
    assert "Địa chỉ: Khóm 3" in printed


def test_the_whole_way_from_draft_to_release_by_pages(world, client_of, sink) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    node = world.nodes["TC"]
    clerk, writer = client_of("TC", Role.CLERK), client_of("TC", Role.COMPILER)
    today = timezone.localdate().isoformat()
    arrived = {
        "issuer_name": "Sở Thông tin và Truyền thông",
        "number": "1790",
        "code": "STTTT-BCVTCNTT",
        "signed_on": today,
        "subject": "triển khai chiến dịch",
        "arrived_on": today,
    }
    made = clerk.post(f"/letters/of/{node.pk}/outside/", arrived)
    basis = Letter.objects.get(is_outside=True)
    assert made.url == f"/letters/{basis.pk}/"

    new = {"based_on": basis.pk, "template": "trien-khai-chien-dich"}
    made = writer.post(f"/letters/of/{node.pk}/new/", new)
    letter = Letter.objects.get(is_outside=False)
    assert made.url == f"/letters/{letter.pk}/edit/"
    form = writer.get(made.url).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None}
    data |= {"deadline": letter.deadline.isoformat(), "collector": "Phòng VH&TT"}
    data["tasks"] = "Việc một\nViệc hai"
    assert writer.post(made.url, data).status_code == 302
    letter.refresh_from_db()
    assert letter.values["tasks"] == ["Việc một", "Việc hai"]
    assert letter.revision == 2

    preview = writer.get(f"/letters/{letter.pk}/preview")
    assert preview.content.startswith(b"%PDF-")
    assert writer.post(f"/letters/{letter.pk}/to-clerk").status_code == 302
    assert "?box=to_number" in text(clerk.get("/letters/"))
    assert letter.subject in text(clerk.get("/letters/?box=to_number"))

    number = {
        "number": "5",
        "code": "ubnd-th",
        "signed_on": today,
        "signer_name": "Tăng Thị Thắm",
        "signer_post": "Phó Chủ tịch",
        "capacity": "KT.",
        "capacity_of": "Chủ tịch",
    }
    assert clerk.post(f"/letters/{letter.pk}/number/", number).status_code == 302
    check = text(clerk.get(f"/letters/{letter.pk}/release/"))
    assert "05/UBND-TH" in check
    assert "2 đơn vị" in check
    out = clerk.post(
        f"/letters/{letter.pk}/release/",
        {"by_mail": "on", "start_mails": "on", "on_paper": "unreached"},
    )
    assert out.url == f"/letters/{letter.pk}/dispatch/"
    run_ready()
    assert len(sink.mails) == 1

    received = text(client_of("TC01", Role.FOCAL_POINT).get(f"/letters/{letter.pk}/"))
    assert "Việc hai" in received
    assert f"/units/{world.nodes['TC01'].pk}/receive/" in received
    assert f"/letters/{basis.pk}/" in received, "the letter above is one click away"
    assert "Ủy ban nhân dân xã Hai" in received, "who else got it"
    assert f"/letters/of/{world.nodes['TC01'].pk}/new/?on={letter.pk}" in received


def test_a_number_that_repeats_is_warned_of_and_can_be_meant(world, client_of) -> None:
    staged.numbered(world, number=5)
    second = staged.with_clerk(world, based_on=Letter.objects.get(is_outside=True))
    clerk = client_of("TC", Role.CLERK)
    page = clerk.get(f"/letters/{second.pk}/number/")
    assert page.context["form"]["number"].value() == 6, "the next one is proposed"
    assert "repeat_is_meant" not in text(page)
    data = {key: value for key, value in page.context["form"].initial.items() if value is not None}
    data |= {"number": 5, "signed_on": timezone.localdate().isoformat()}
    warned = clerk.post(f"/letters/{second.pk}/number/", data)
    assert warned.status_code == 200
    assert "repeat_is_meant" in text(warned)
    assert 'class="error-summary"' in text(warned)
    meant = clerk.post(f"/letters/{second.pk}/number/", {**data, "repeat_is_meant": "on"})
    assert meant.status_code == 302


@pytest.mark.parametrize("state", [LetterState.DRAFT, LetterState.NUMBERED])
def test_A1_what_is_not_released_is_the_units_own(world, state, client_of) -> None:
    letter = staged.draft(world) if state == LetterState.DRAFT else staged.numbered(world)
    inside = {
        Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER,
        Role.CLERK, Role.AUDITOR,
    }  # fmt: skip
    for role in Role:
        got = client_of("TC", role).get(f"/letters/{letter.pk}/").status_code
        assert got == (200 if role in inside else 404), role
        for code in ("TC01", "TC02", "TC01A", "KH"):
            client = client_of(code, role)
            assert client.get(f"/letters/{letter.pk}/").status_code == 404, (code, role)
            assert letter.subject not in text(client.get("/letters/"))


def test_A1_a_sibling_that_was_not_chosen_sees_nothing(world, client_of) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    from quetsach_portal.letters.actions import drafting, numbering

    only = staged.wording(letter, to_all=False, chosen=[world.nodes["TC01"].pk])
    drafting.change_draft(letter.pk, only, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    clerk = world.user("TC", Role.CLERK)
    numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    releasing.release(letter.pk, DeliveryChannels(), start_mails=False, actor=clerk)
    assert client_of("TC01", Role.FOCAL_POINT).get(f"/letters/{letter.pk}/").status_code == 200
    for role in Role:
        assert client_of("TC02", role).get(f"/letters/{letter.pk}/").status_code == 404
        assert client_of("TC02", role).get(f"/letters/{letter.pk}/file/pdf").status_code == 404


def test_a_received_letter_opens_the_chain_above_it_and_nothing_beside(world, client_of) -> None:
    first = staged.released(world)
    beside = staged.released(world, based_on=Letter.objects.get(is_outside=True), number=6)
    second = staged.released(world, "TC01", first, number=12)
    school = client_of("TC01A", Role.FOCAL_POINT)
    for letter in (second, first, first.based_on):
        assert school.get(f"/letters/{letter.pk}/").status_code == 200
    assert school.get(f"/letters/{beside.pk}/").status_code == 404
    assert school.get(f"/letters/{first.pk}/dispatch/").status_code == 403


def test_an_address_is_shown_to_who_sends_and_to_no_auditor(world, client_of) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world)
    page = f"/letters/{letter.pk}/dispatch/"
    assert "xa1@huyen.example" in text(client_of("TC", Role.CLERK).get(page))
    assert "xa1@huyen.example" not in text(client_of("TC", Role.AUDITOR).get(page))


def test_A6_release_and_start_ask_again_who_is_there(world) -> None:
    letter = staged.numbered(world)
    client = signed_in(world.user("TC", Role.CLERK), minutes_ago=30)
    answer = client.post(f"/letters/{letter.pk}/release/", {"on_paper": "nobody"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    letter.refresh_from_db()
    assert letter.state == LetterState.NUMBERED


def test_the_cascade_shows_who_passed_it_on_and_how_long_it_took(world, client_of) -> None:
    first = staged.released(world)
    node = world.nodes["TC"]
    page = text(client_of("TC", Role.COMPILER).get(f"/letters/of/{node.pk}/cascade/"))
    assert "chưa có" in page
    staged.released(world, "TC01", first, number=12)
    page = text(client_of("TC", Role.COMPILER).get(f"/letters/of/{node.pk}/cascade/"))
    assert "12/UBND-TH" in page
    assert "9 ngày" in page
    below = text(
        client_of("TC01", Role.FOCAL_POINT).get(f"/letters/of/{world.nodes['TC01'].pk}/cascade/")
    )
    assert below.index("05/UBND-TH") < below.index("12/UBND-TH")


def test_registers_hold_what_went_out_and_what_came_in(world, client_of) -> None:
    first = staged.released(world)
    clerk = client_of("TC", Role.CLERK)
    node = world.nodes["TC"].pk
    assert "05/UBND-TH" in text(clerk.get(f"/letters/of/{node}/register/"))
    incoming = text(clerk.get(f"/letters/of/{node}/register/?book=incoming"))
    assert "1790/STTTT-BCVTCNTT" in incoming
    assert "05/UBND-TH" not in incoming
    child = world.nodes["TC01"].pk
    below = client_of("TC01", Role.CLERK).get(f"/letters/of/{child}/register/?book=incoming")
    assert first.full_number in text(below)
    assert "1790" not in text(below)
    for odd in ("abc", "1", "99999999999999999999", "²"):
        assert clerk.get(f"/letters/of/{node}/register/?year={odd}").status_code == 200


@pytest.mark.parametrize(
    "query", ["?box=x&state=y&campaign=z", "?campaign=9999999999999999", "?page=0"]
)
def test_odd_filters_show_a_page(world, client_of, query) -> None:
    assert client_of("TC", Role.CLERK).get(f"/letters/{query}").status_code == 200


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/letters/", 20),
        ("/letters/{letter}/", 28),
        ("/letters/{letter}/dispatch/", 22),
        ("/letters/of/{node}/cascade/", 24),
        ("/letters/of/{node}/register/", 20),
    ],
)
def test_queries_of_a_page_do_not_grow_with_the_units(
    world, client_of, django_assert_max_num_queries, path, most
) -> None:
    staged.more_children(world, 120)
    letter = staged.released(world)
    client = client_of("TC", Role.COMPILER)
    with django_assert_max_num_queries(most):
        assert (
            client.get(path.format(letter=letter.pk, node=world.nodes["TC"].pk)).status_code == 200
        )


def test_release_to_many_is_a_few_statements(world, django_assert_max_num_queries) -> None:
    staged.more_children(world, 700)
    letter = staged.numbered(world)
    # Two rows for each of 700 recipients, its dispatch and its mail, written in batches.
    with django_assert_max_num_queries(90):
        releasing.release(
            letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.CLERK)
        )
    assert Dispatch.objects.filter(channel=Channel.PORTAL).count() == 702


def test_paper_has_a_sheet_for_each_unit_and_its_handing_over_is_noted(world, client_of) -> None:
    letter = staged.released(
        world, ways=DeliveryChannels(by_mail=False, on_paper=OnPaper.EVERYBODY)
    )
    clerk, user = client_of("TC", Role.CLERK), world.user("TC", Role.CLERK)
    paper.request_sheets(letter.pk, actor=user)
    assert paper.request_sheets(letter.pk, actor=user).key.endswith(":1"), "asked once"
    run_ready()
    letter.refresh_from_db()
    import pypdfium2

    pages = pypdfium2.PdfDocument(path_of(letter.sheets).read_bytes())
    whole = " ".join(page.get_textpage().get_text_range() for page in pages)
    pages.close()
    # The printed address may break anywhere.
    whole = whole.replace("\u200b", "")
    for code in ("TC01", "TC02"):
        receipt = f"/units/{world.nodes[code].pk}/receive/"
        assert sum(word.endswith(receipt) for word in whole.split()) == 1
    assert "Ủy ban nhân dân xã Hai" in whole
    row = letter.dispatches.filter(channel=Channel.PAPER).first()
    assert clerk.get(f"/letters/{letter.pk}/dispatch/{row.pk}/sheet").content.startswith(b"%PDF")
    early = {"on": "2001-01-01"}
    assert clerk.post(f"/letters/{letter.pk}/dispatch/{row.pk}/handed/", early).status_code == 200
    on_time = {"on": timezone.localdate().isoformat(), "remark": "giao tại Văn phòng"}
    clerk.post(f"/letters/{letter.pk}/dispatch/{row.pk}/handed/", on_time)
    row.refresh_from_db()
    assert row.state == DispatchState.DELIVERED
    assert row.handed_on == timezone.localdate()
    with pytest.raises(Refused):
        paper.hand_over(row.pk, on=timezone.localdate(), remark="", actor=user)
    assert CampaignNode.objects.get(pk=row.to_node_id).received_at is None


def test_F12_a_file_is_an_attachment_and_no_page(world, client_of) -> None:
    letter = staged.released(world)
    answer = client_of("TC01", Role.TECHNICIAN).get(f"/letters/{letter.pk}/file/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    put_down(answer)
    for which in ("values", "made_by", "node", "__class__"):
        got = client_of("TC01", Role.CLERK).get(f"/letters/{letter.pk}/file/{which}")
        assert got.status_code == 404


def test_W1_pages_have_no_script_or_style_of_their_own(world, client_of) -> None:
    letter = staged.released(world)
    clerk: Client = client_of("TC", Role.CLERK)
    for path in ("", "dispatch/", "dispatch/rehearsal/", "dispatch/start/", "withdraw/"):
        page = text(clerk.get(f"/letters/{letter.pk}/{path}"))
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page), path


def test_a_hostile_name_is_shown_as_text(world, client_of) -> None:
    world.nodes["TC01"].name_at_freeze = "<script>alert(1)</script>"
    world.nodes["TC01"].save()
    letter = staged.released(world)
    for path in ("", "dispatch/"):
        page = text(client_of("TC", Role.CLERK).get(f"/letters/{letter.pk}/{path}"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
