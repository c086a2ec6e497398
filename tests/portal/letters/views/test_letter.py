"""A letter's way from draft to release, by the pages of the people who use them."""

from dataclasses import replace

import pytest
from django.utils import timezone
from pypdfium2 import PdfDocument

from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.models import Letter
from quetsach_portal.people.models.roles import Role
from tests.portal.access.walk import put_down
from tests.portal.letters import staged
from tests.portal.letters.staged import text
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def test_D3_what_no_typeface_shows_is_named_before_the_letter_is_released(world, client_of) -> None:
    letter = staged.draft(world)
    actor, clerk = world.user("TC", Role.COMPILER), client_of("TC", Role.CLERK)
    tasks = {**letter.values, "tasks": ["Ghi mã \ue000 vào sổ"]}
    words = staged.wording(letter, values=tasks)
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    told = "Không in được ký tự này: U+E000, trong đoạn “Ghi mã □ vào sổ”."
    assert told in text(clerk.get(f"/letters/{letter.pk}/"))
    signer = replace(staged.SIGNER, urgency="flash", contact="Địa chỉ: Khóm 3")
    letter = staged.sign(world, letter, signer=signer)
    given = staged.signing()
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

    page = f"/letters/{letter.pk}/"
    assert f"{page}signer/" in text(clerk.get(page)), "paper is signed first"
    signer = {
        "signer_name": "Tăng Thị Thắm",
        "signer_post": "Phó Chủ tịch",
        "capacity": "KT.",
        "capacity_of": "Chủ tịch",
    }
    assert clerk.post(f"{page}signer/", signer).status_code == 302
    assert f"{page}signed/" in text(clerk.get(page))
    assert clerk.post(f"{page}signed/", {"signed_on": today}).status_code == 302
    assert "Đã ký, chưa cấp số" in text(clerk.get(page))
    number = {"number": "5", "code": "ubnd-th", "signed_on": today}
    assert clerk.post(f"{page}number/", number).status_code == 302
    assert f"{page}original/" in text(clerk.get(page))
    assert f"{page}release/" not in text(clerk.get(page)), "its scan is missing"
    letter.refresh_from_db()
    scan = {"file": staged.scan(letter), "original_at": "Văn thư"}
    assert clerk.post(f"{page}original/", scan).status_code == 302
    assert f"{page}release/" in text(clerk.get(page))
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
    second = staged.signed(world, based_on=Letter.objects.get(is_outside=True))
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


def test_the_list_of_recipients_goes_on_to_its_end(world, client_of) -> None:
    staged.more_children(world, 60)
    letter = staged.draft(world)
    clerk = client_of("TC", Role.CLERK)
    first, second = (text(clerk.get(f"/letters/{letter.pk}/?page={n}")) for n in (1, 2))
    names = {node.name_at_freeze for node in world.nodes["TC"].children.all()}
    assert len(names) == 62
    assert "?page=2" in first
    assert all(f"<li>{name}</li>" in first + second for name in names)


def test_F12_a_file_is_an_attachment_and_no_page(world, client_of) -> None:
    letter = staged.released(world)
    answer = client_of("TC01", Role.TECHNICIAN).get(f"/letters/{letter.pk}/file/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    put_down(answer)
    for which in ("values", "made_by", "node", "__class__"):
        got = client_of("TC01", Role.CLERK).get(f"/letters/{letter.pk}/file/{which}")
        assert got.status_code == 404
