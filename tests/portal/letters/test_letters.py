"""Each level issues its own letter, which cites the one above; released, it reaches all at once."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import ExpectedReport, NodeCounter, NodeState
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.models import Job
from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.documents import LAUNCH, templates
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState, Letter, LetterState
from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged

pytestmark = pytest.mark.django_db


def text_of(stored) -> str:
    pages = pypdfium2.PdfDocument(path_of(stored).read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_a_draft_is_filled_with_what_is_known(world) -> None:
    basis = staged.outside(world)
    letter = drafting.create_draft(
        world.nodes["TC"],
        based_on=basis,
        template_code=LAUNCH,
        actor=world.user("TC", Role.COMPILER),
    )
    assert letter.subject == "triển khai chiến dịch làm sạch mã độc 2022"
    assert letter.place == "Trà Cú"
    assert letter.addressees == ["Ủy ban nhân dân xã Hai", "Ủy ban nhân dân xã Một"]
    assert letter.deadline == timezone.localtime(world.phase.due_at).date()
    assert letter.values["speaker"] == "Chủ tịch Ủy ban nhân dân huyện Trà Cú"
    assert AuditEvent.objects.filter(action="letter.drafted").exists()


def test_each_level_issues_its_own_letter_that_cites_the_one_above(world) -> None:
    first = staged.released(world)
    printed = text_of(first.pdf)
    assert "Số: 05/UBND-TH" in printed
    assert "1790/STTTT-BCVTCNTT" in printed
    assert "KT. CHỦ TỊCH" in printed
    assert "Tăng Thị Thắm" in printed
    second = staged.released(world, "TC01", first, number=12)
    assert "05/UBND-TH" in text_of(second.pdf)
    assert "của Ủy ban nhân dân huyện Trà Cú" in text_of(second.pdf)
    assert second.issuer_name == "Ủy ban nhân dân xã Một"
    told = set(second.dispatches.values_list("to_node__unit__code", flat=True))
    assert told == {"TC01A"}


def test_the_root_letter_cites_the_authoritys_letter_of_the_campaign(world) -> None:
    campaign = world.campaign
    campaign.letter = {
        "issuer": {"value": "Ủy ban nhân dân huyện Trà Cú"},
        "number": {"value": None},
        "code": {"value": "UBND-TH"},
        "basis": [
            {
                "number": {"value": "1790"},
                "code": {"value": "STTTT-BCVTCNTT"},
                "date": {"value": "2022-09-09"},
                "issuer": {"value": "Sở Thông tin và Truyền thông"},
                "subject": {"value": None},
            }
        ],
    }
    campaign.save()
    world.nodes["TC"].refresh_from_db()
    made = drafting.create_draft(
        world.nodes["TC"],
        based_on=None,
        template_code=LAUNCH,
        actor=world.user("TC", Role.COMPILER),
    )
    from quetsach_portal.letters.cascade import cited_by

    cited = cited_by(made)
    assert (cited.number, f"{cited.dated:%d/%m/%Y}") == ("1790/STTTT-BCVTCNTT", "09/09/2022")
    assert cited.body == "Sở Thông tin và Truyền thông"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin.", "1790/STTTT-BCVTCNTT"),
        ("theo chỉ đạo của cấp trên", None),
        ("", None),
    ],
)
def test_a_typed_legal_basis_is_cited_where_it_names_a_document(world, words, number) -> None:
    from quetsach_portal.letters.cascade import authority_of

    world.campaign.legal_basis = words
    cited = authority_of(world.campaign)
    assert (None if cited is None else cited.number) == number


def test_a_letter_rests_only_on_one_that_its_unit_received(world) -> None:
    actor = world.user("TC01", Role.COMPILER)
    other = staged.outside(world, "TC")
    with pytest.raises(Refused):
        drafting.create_draft(
            world.nodes["TC01"], based_on=other, template_code=LAUNCH, actor=actor
        )
    with pytest.raises(Refused):
        drafting.create_draft(world.nodes["TC01"], based_on=None, template_code=LAUNCH, actor=actor)


def test_a_leaf_has_nobody_to_write_to(world) -> None:
    first = staged.released(world)
    with pytest.raises(Refused):
        drafting.create_draft(
            world.nodes["TC02"],
            based_on=first,
            template_code=LAUNCH,
            actor=world.user("TC02", Role.COMPILER),
        )


def test_the_deadline_is_not_later_than_the_units_own(world) -> None:
    letter = staged.draft(world)
    own = timezone.localtime(world.phase.due_at).date()
    actor = world.user("TC", Role.COMPILER)
    late = staged.wording(letter, deadline=own + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        drafting.change_draft(letter.pk, late, revision=letter.revision, actor=actor)
    assert refused.value.field == "deadline"
    drafting.change_draft(
        letter.pk, staged.wording(letter, deadline=own), revision=letter.revision, actor=actor
    )


def test_a_lower_level_is_bound_by_the_letter_above_as_well(world) -> None:
    first = staged.released(world)
    Letter.objects.filter(pk=first.pk).update(deadline=staged.tomorrow())
    first.refresh_from_db()
    ExpectedReport.objects.filter(node=world.nodes["TC01"]).update(
        due_at=timezone.now() + timedelta(days=20)
    )
    second = staged.draft(world, "TC01", first)
    assert second.deadline == staged.tomorrow()
    later = staged.wording(second, deadline=staged.tomorrow() + timedelta(days=1))
    with pytest.raises(Refused):
        drafting.change_draft(
            second.pk, later, revision=second.revision, actor=world.user("TC01", Role.COMPILER)
        )


def test_two_who_edit_at_once_see_each_other(world) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    words = staged.wording(letter, subject="triển khai chiến dịch")
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    with pytest.raises(Refused):
        drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)


def test_A2_only_own_children_can_be_chosen(world) -> None:
    letter = staged.draft(world)
    actor = world.user("TC", Role.COMPILER)
    for stranger in (world.nodes["TC01A"].pk, world.nodes["TC"].pk, 0):
        words = staged.wording(letter, to_all=False, chosen=[stranger])
        with pytest.raises(Refused):
            drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    chosen = staged.wording(letter, to_all=False, chosen=[world.nodes["TC02"].pk])
    drafting.change_draft(letter.pk, chosen, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    clerk = world.user("TC", Role.CLERK)
    numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    assert set(Dispatch.objects.values_list("to_node__unit__code", flat=True)) == {"TC02"}
    world.nodes["TC01"].refresh_from_db()
    assert world.nodes["TC01"].told_at is None


def test_the_clerk_is_warned_when_number_code_and_issuer_repeat(world) -> None:
    staged.numbered(world, number=7)
    second = staged.with_clerk(world, based_on=Letter.objects.get(is_outside=True))
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused) as refused:
        numbering.give_number(second.pk, staged.signing(7), repeat_is_meant=False, actor=clerk)
    assert refused.value.field == "number"
    numbering.give_number(second.pk, staged.signing(7), repeat_is_meant=True, actor=clerk)
    other_code = staged.signing(7, code="UBND-VX")
    numbering.give_number(second.pk, other_code, repeat_is_meant=False, actor=clerk)


@pytest.mark.parametrize("days", [1, -400])
def test_the_day_of_signing_lies_in_the_last_year(world, days) -> None:
    letter = staged.with_clerk(world)
    odd = staged.signing(signed_on=timezone.localdate() + timedelta(days=days))
    with pytest.raises(Refused):
        numbering.give_number(
            letter.pk, odd, repeat_is_meant=False, actor=world.user("TC", Role.CLERK)
        )


def test_B1_no_stage_can_be_jumped(world) -> None:
    clerk, writer = world.user("TC", Role.CLERK), world.user("TC", Role.COMPILER)
    letter = staged.draft(world)
    with pytest.raises(Refused):
        numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    with pytest.raises(Refused):
        releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    drafting.send_to_clerk(letter.pk, actor=writer)
    with pytest.raises(Refused):
        drafting.change_draft(
            letter.pk, staged.wording(letter), revision=letter.revision, actor=writer
        )
    with pytest.raises(Refused):
        releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    numbering.give_number(letter.pk, staged.signing(), repeat_is_meant=False, actor=clerk)
    releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    with pytest.raises(Refused):
        releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    with pytest.raises(Refused):
        numbering.give_number(letter.pk, staged.signing(8), repeat_is_meant=False, actor=clerk)
    with pytest.raises(Refused):
        drafting.take_back(letter.pk, why="x", actor=clerk)


def test_release_tells_all_children_at_once_and_moves_the_counters(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world)
    rows = {
        (row.to_node.unit.code, row.channel): row
        for row in letter.dispatches.select_related("to_node__unit")
    }
    assert {key[0] for key in rows if key[1] == Channel.PORTAL} == {"TC01", "TC02"}
    assert rows["TC01", "portal"].state == DispatchState.DELIVERED
    assert rows["TC01", "mail"].state == DispatchState.QUEUED
    assert ("TC01", "paper") not in rows
    # Nobody can mail the second commune, so it is the desk's to hand it the paper.
    assert rows["TC02", "paper"].state == DispatchState.QUEUED
    assert ("TC02", "mail") not in rows
    for code in ("TC01", "TC02"):
        world.nodes[code].refresh_from_db()
        assert world.nodes[code].told_at == letter.released_at
    assert NodeCounter.objects.get(node=world.nodes["TC"]).told == 2
    assert Job.objects.filter(kind="mail.deliver").count() == 1


def test_a_release_that_fails_half_way_leaves_nothing(world, monkeypatch) -> None:
    letter = staged.numbered(world)

    def broken(*_args, **_kwargs):
        raise RuntimeError("the power went")

    monkeypatch.setattr(releasing, "reach_many", broken)
    with pytest.raises(RuntimeError):
        releasing.release(
            letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.CLERK)
        )
    letter.refresh_from_db()
    assert letter.state == LetterState.NUMBERED
    assert not Dispatch.objects.exists()
    assert not Job.objects.exists()
    assert not AuditEvent.objects.filter(action="letter.released").exists()


def test_a_unit_that_left_the_tree_gets_no_letter(world) -> None:
    world.nodes["TC02"].state = NodeState.CLOSED
    world.nodes["TC02"].save()
    letter = staged.released(world)
    assert set(letter.dispatches.values_list("to_node__unit__code", flat=True)) == {"TC01"}


def test_the_lead_offices_letter_is_released_by_a_second_person(world) -> None:
    letter = staged.numbered(world)
    with pytest.raises(Refused):
        releasing.release(
            letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.COMPILER)
        )


def test_how_many_days_a_level_took_is_kept(world) -> None:
    first = staged.released(world)
    assert first.passed_on_days == 9
    second = staged.numbered(world, "TC01", first)
    Letter.objects.filter(pk=first.pk).update(released_at=timezone.now() - timedelta(days=4))
    out = releasing.release(
        second.pk, DeliveryChannels(), start_mails=False, actor=world.user("TC01", Role.CLERK)
    )
    assert out.passed_on_days == 4


def test_a_withdrawn_letter_tells_all_who_got_it_and_keeps_receipts(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world, start_mails=False)
    letter.dispatches.filter(channel=Channel.MAIL).update(state=DispatchState.SENT)
    node = world.nodes["TC01"]
    node.refresh_from_db()
    node.received_at = timezone.now()
    node.save()
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused):
        releasing.withdraw(letter.pk, why="  ", actor=clerk)
    releasing.withdraw(letter.pk, why="nhầm số liệu", actor=clerk)
    told = letter.dispatches.filter(about="withdrawal").values_list(
        "to_node__unit__code", "channel", "state"
    )
    assert sorted(told) == [
        ("TC01", "mail", "queued"),
        ("TC01", "portal", "delivered"),
        ("TC02", "portal", "delivered"),
    ]
    waiting = letter.dispatches.get(about="issue", channel=Channel.PAPER)
    assert waiting.state == DispatchState.CANCELLED
    node.refresh_from_db()
    assert node.received_at is not None
    assert node.told_at is not None
    with pytest.raises(Refused):
        releasing.withdraw(letter.pk, why="lần nữa", actor=clerk)


def test_nobody_releases_a_letter_that_rests_on_a_withdrawn_one(world) -> None:
    first = staged.released(world)
    second = staged.numbered(world, "TC01", first)
    releasing.withdraw(first.pk, why="nhầm", actor=world.user("TC", Role.CLERK))
    with pytest.raises(Refused):
        releasing.release(
            second.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC01", Role.CLERK)
        )


def test_the_signed_original_is_kept_with_its_digest_and_a_new_number_drops_it(world) -> None:
    letter = staged.numbered(world)
    clerk = world.user("TC", Role.CLERK)
    scan = SimpleUploadedFile("ban-ky.pdf", path_of(letter.pdf).read_bytes())
    kept = numbering.store_original(letter.pk, scan, actor=clerk)
    assert kept.original.sha256 == letter.pdf.sha256
    again = numbering.give_number(letter.pk, staged.signing(6), repeat_is_meant=False, actor=clerk)
    assert again.original is None
    releasing.release(letter.pk, DeliveryChannels(), start_mails=True, actor=clerk)
    with pytest.raises(Refused):
        numbering.store_original(letter.pk, BytesIO(b"x"), actor=clerk)


def test_an_outside_letter_stands_in_the_register_once(world) -> None:
    staged.outside(world)
    with pytest.raises(Refused):
        staged.outside(world)
    staged.outside(world, number=1791)


def test_on_paper_everybody_or_nobody(world) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    everybody = staged.released(world, ways=DeliveryChannels(on_paper=OnPaper.EVERYBODY))
    assert everybody.dispatches.filter(channel=Channel.PAPER).count() == 2
    nobody = staged.released(
        world,
        based_on=Letter.objects.get(is_outside=True),
        ways=DeliveryChannels(by_mail=False, on_paper=OnPaper.NOBODY),
    )
    assert set(nobody.dispatches.values_list("channel", flat=True)) == {"portal"}


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% for x in y %}", "#{1+1}", "{campaign}", "**x**"])
def test_D1_what_is_typed_is_printed_as_it_is(world, text) -> None:
    letter = staged.draft(world)
    words = staged.wording(
        letter, subject=f"thử {text} hết", values={**letter.values, "tasks": [f"Làm {text} ngay"]}
    )
    actor = world.user("TC", Role.COMPILER)
    drafting.change_draft(letter.pk, words, revision=letter.revision, actor=actor)
    drafting.send_to_clerk(letter.pk, actor=actor)
    made = numbering.give_number(
        letter.pk, staged.signing(), repeat_is_meant=False, actor=world.user("TC", Role.CLERK)
    )
    printed = text_of(made.pdf)
    assert f"Làm {text} ngay" in printed


def test_D2_templates_come_with_the_release_alone(world) -> None:
    actor = world.user("TC", Role.COMPILER)
    codes = {one.code for one in templates()}
    assert LAUNCH in codes
    for code in ("../letters/trien-khai-chien-dich", "khac", ""):
        with pytest.raises(Refused):
            drafting.create_draft(
                world.nodes["TC"],
                based_on=staged.outside(world, number=9) if code == "khac" else None,
                template_code=code,
                actor=actor,
            )
