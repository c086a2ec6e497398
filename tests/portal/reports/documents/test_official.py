"""The content of an official report: typed text stays text, and a total says what it lacks."""

from dataclasses import replace
from io import BytesIO

from django.utils import timezone
from docx import Document

from quetsach_portal.cases.models.recheck import Draw, RecheckItem
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents.official import official_report
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.totals.adding import Absence, names_of
from quetsach_portal.reports.writing import submitting
from quetsach_portal.units.models import OrgUnit, UnitKind
from tests.documents.letters import DECOMPOSED
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    above,
    accepted,
    fresh,
    handed_in,
    slot_of,
    submitted,
)
from tests.portal.world import World

OTHER = "Ủy ban nhân dân xã Hai"


HOSTILE = (
    "{{ 7*7 }} {% for a in b %} #{} A & B <x> C 🙂 \x01 "
    "<img src=http://169.254.169.254/a> file:///etc/passwd " + DECOMPOSED
)


def said_in(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_D1_D3_D4_texts_are_printed_as_they_are(world: World) -> None:
    long = "Ghi chú dài. " * 300
    version = submitted(world, "TC01A", papers.with_words(HOSTILE + "\n" + long))
    made = papers.printed(version, world)
    assert made.state == DocumentState.MADE, made.problem
    docx, pdf = said_in(papers.content(made.docx)), papers.text(papers.content(made.pdf))
    for wanted in ("{{ 7*7 }}", "{% for a in b %}", "A & B <x> C", "file:///etc/passwd"):
        assert papers.close(wanted) in papers.close(docx), wanted
        assert papers.close(wanted) in papers.close(pdf), wanted
    assert papers.close("<img src=http://169.254.169.254/a>") in papers.close(pdf)
    assert papers.close(docx).count("Ghichúdài.") == 300
    # One may stand on two pages, with a foot between.
    assert papers.close(pdf).count("Ghichúdài.") in (299, 300)
    named = [(one["named"], "□" in one["beside"]) for one in made.unprintable]
    assert ("U+0001", True) in named
    assert b"169.254" not in papers.content(made.pdf), "no address that a reader would open"


def test_what_a_sample_verified_stands_beside_what_is_declared(world: World) -> None:
    slot = slot_of(world, "TC01A")
    facts = {"node": slot.node, "phase": slot.phase, "drawn_by": world.user("TC", Role.COMPILER)}
    facts |= {"seed": "00", "frame": "A", "population": 50, "declared": 48, "size": 1}
    facts |= {"subject": "units", "state": "closed"}
    draw = Draw.objects.create(number=1, ended_at=timezone.now(), **facts)
    RecheckItem.objects.create(
        draw=draw, place=1, ref="A", node=slot.node, was_declared=True, answer="no"
    )
    version = submitted(world, "TC01A")
    later = Draw.objects.create(number=2, ended_at=timezone.now(), **facts)
    RecheckItem.objects.create(
        draw=later, place=1, ref="A", node=slot.node, was_declared=1, answer="yes"
    )
    made = papers.printed(version, world)
    said = papers.close(papers.text(papers.content(made.pdf)))
    assert papers.close("rút thăm kiểm tra lại: 0%, trong khoảng 0% đến 80%") in said
    assert papers.close("96%") in said


def told(version: ReportVersion) -> dict[str, tuple[str, ...]]:
    """Return of whom a version has nothing, by why."""
    return {one.value: names_of(version, one) for one in Absence}


def test_a_total_says_of_whom_it_has_nothing_and_why(world: World) -> None:
    """Handed in, returned and not handed in are three things, as they were when it was made."""
    waiting = submitted(world, "TC01")
    whole = submitted(world, "TC")
    unit = (waiting.slot.node.name_at_freeze,)
    assert told(whole) == {"missing": (OTHER,), "waiting": unit, "returned": ()}
    deciding.return_version(waiting, {"": "xem lại"}, actor=above(world, "TC01"))
    assert told(whole)["waiting"] == unit
    submitting.withdraw(fresh(whole), "đính chính", actor=world.user("TC", Role.COMPILER))
    later = handed_in(slot_of(world, "TC"), world.user("TC", Role.COMPILER))
    assert told(later) == {"missing": (OTHER,), "waiting": (), "returned": unit}
    assert official_report(ReportDocument(version=later)).returned == unit


def test_a_report_of_a_party_body_bears_the_partys_heading_and_number(world: World) -> None:
    version = accepted(world, "TC01A")
    OrgUnit.objects.filter(pk=world.units["TC01A"].pk).update(kind=UnitKind.PARTY)
    made = papers.numbered(version, world, replace(papers.numbering(), code="BC-ĐU"))
    said = papers.text(papers.content(made.pdf))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
    assert "CỘNG HÒA" not in said
    assert made.full_number.endswith("-BC/ĐU")
    assert f"Số {made.full_number}" in said


def test_a_report_names_no_letter_of_another_campaign_and_a_deputy_signs_for_the_chairman(
    world: World,
) -> None:
    version = accepted(world, "TC01")
    given = replace(
        papers.numbering(), signer_post="Phó Chủ tịch", capacity="", capacity_of="", on_behalf_of=""
    )
    document = papers.fresh(papers.numbered(version, world, given))
    said = papers.close(papers.text(papers.content(document.pdf)))
    assert "1790/STTTT" not in said
    assert papers.close(f"Thực hiện {'.' * 40}, Ủy ban nhân dân xã Một báo cáo") in said
    assert papers.close("TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH") in said
