"""What the public plane says of a paper is what the portal's own page says."""

from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.audit.anchors import anchors_path
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Letter
from quetsach_portal.operations.anchoring import check_trail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.documents_file import (
    DOCUMENTS_FILE,
    letters,
    versions,
    write_anchors_file,
    write_documents_file,
)
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents.official import proof_of
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from quetsach_portal.reports.verification.codes import CodeStatus, version_facts
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_public.documents import day_in, plain_number, read_documents
from tests.portal.audit.trail import write
from tests.portal.letters import staged
from tests.portal.reports import papers
from tests.portal.reports.acting import above, accepted, fresh, handed_in, numbers, slot_of
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db
SAID = {
    CodeStatus.VALID: "valid",
    CodeStatus.HANDED_IN: "handed-in",
    CodeStatus.REPLACED: "replaced",
    CodeStatus.UNDONE: "undone",
}


def corrected(world, version: ReportVersion) -> ReportVersion:
    author = world.user("TC01A", Role.FOCAL_POINT)
    draft = deciding.begin(
        fresh(version).slot,
        kind="correction",
        reason_code="counted_wrong",
        reason="s",
        actor=author,
    )
    writing_draft.save(draft.slot, numbers(people="7"), revision=draft.revision, actor=author)
    return handed_in(slot_of(world, "TC01A"), author)


def test_each_version_is_told_as_the_portal_tells_it(world, folder) -> None:
    first = accepted(world, "TC01A")
    papers.numbered(first, world)
    second = corrected(world, first)
    for state in VersionState:
        # Whatever state a version is in, both say the same of it.
        ReportVersion.objects.filter(pk=second.pk).update(state=state)
        told = {one.code: one for one in versions()}
        for version in ReportVersion.objects.all():
            here, there = version_facts(version), told[version.code]
            by = here.replaced_by or 0 if here.standing is CodeStatus.REPLACED else 0
            assert (there.standing, there.number) == (SAID[here.standing], here.number)
            assert (there.by_version, there.issuer) == (by, papers.SCHOOL)


def test_a_replaced_paper_names_the_one_that_counts(world, folder) -> None:
    first = accepted(world, "TC01A")
    papers.numbered(first, world)
    second = corrected(world, first)
    deciding.accept(second, actor=above(world, "TC01A"))
    papers.numbered(second, world, papers.numbering(number=6))
    write_documents_file(folder)
    (said,) = read_documents(folder / DOCUMENTS_FILE).by_code(first.code)
    assert (said.standing, said.by_number, said.by_version) == ("replaced", "06/BC-THA", 2)
    assert said.by_day == timezone.localdate().isoformat()


def test_letters_that_are_out_are_told_and_no_others(world, folder) -> None:
    out = staged.released(world, start_mails=False)
    gone = staged.released(world, based_on=out.based_on, number=6, start_mails=False)
    releasing.withdraw(gone.pk, why="sai số", actor=world.user("TC", Role.CLERK))
    staged.numbered(world, based_on=out.based_on, number=7)
    told = {one.number: one.standing for one in letters()}
    basis = out.based_on
    assert told == {
        "05/UBND-TH": "valid",
        "06/UBND-TH": "undone",
        basis.full_number: "basis",
    }
    write_documents_file(folder)
    held = read_documents(folder / DOCUMENTS_FILE)
    day = day_in(f"{out.signed_on:%d/%m/%Y}")
    (said,) = held.by_day(plain_number("Số: 05/UBND-TH"), day)
    assert (said.issuer, said.subject) == (out.issuer_name, out.subject)
    assert held.by_code(out.check_code) == (said,)
    number = plain_number(basis.full_number)
    assert held.by_day(number, "2001-01-01") == ()
    (above,) = held.by_day(number, basis.signed_on.isoformat())
    assert (above.standing, above.issuer, above.subject) == ("basis", basis.issuer_name, "")


def test_the_letter_that_the_campaign_rests_on_is_a_basis_though_nobody_registered_it(
    world, folder
) -> None:
    campaign = world.campaign
    campaign.legal_basis = (
        "Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin và Truyền thông về việc "
        "triển khai chiến dịch"
    )
    campaign.save()
    letter = staged.released(world, start_mails=False)
    assert all(one.number != "1790/STTTT-BCVTCNTT" or one.day != "2022-09-09" for one in letters())
    Letter.objects.filter(pk=letter.pk).update(based_on=None)
    write_documents_file(folder)
    held = read_documents(folder / DOCUMENTS_FILE)
    (above,) = held.by_day(plain_number("1790/STTTT-BCVTCNTT"), "2022-09-09")
    assert (above.standing, above.issuer) == ("basis", "Sở Thông tin và Truyền thông")


def test_the_job_writes_while_a_page_is_shown(world, folder) -> None:
    enqueue("publishing.documents", key="a")
    run_ready()
    assert not (folder / DOCUMENTS_FILE).exists()


def test_the_job_writes(shown, folder) -> None:
    enqueue("publishing.documents", key="b")
    run_ready()
    assert read_documents(folder / DOCUMENTS_FILE).by_code("0" * 16) == ()


def test_the_code_on_paper_leads_to_the_plane_that_answers_for_it(shown, settings) -> None:
    version = accepted(shown, "TC01A")
    portal = f"{settings.QUETSACH.public_url}/check/{version.code}/"
    page = PublicPage.objects.get(campaign=shown.campaign)
    for documents, leads_to in (
        ("", portal),
        ("https://other.example/check", portal),
        (f"{page.address}/check/", f"{page.address}/check/{version.code}/"),
    ):
        PublicPage.objects.update(documents=documents)
        assert proof_of(version).payload == leads_to


@pytest.mark.django_db
def test_L4_the_public_folder_gets_what_the_portal_keeps(tmp_path: Path) -> None:
    write_anchors_file(tmp_path)
    assert list(tmp_path.glob("*.jsonl")) == []
    write(2)
    check_trail(RunningJob(0, "audit.verify", {}, "test", 1))
    write_anchors_file(tmp_path)
    assert (tmp_path / "anchors.jsonl").read_bytes() == anchors_path().read_bytes()
