"""The open page that checks a copy: valid, replaced, unknown, changed; nothing of it is kept."""

import pytest

from quetsach_portal.files.models import StoredFile
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents import actions
from quetsach_portal.reports.verification import uploads
from quetsach_portal.reports.verification.codes import (
    CodeStatus,
    code_in,
    facts_by_code,
    version_facts,
)
from quetsach_portal.reports.verification.uploads import CopyStatus, check_copy
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    above,
    accepted,
    fresh,
    handed_in,
    numbers,
    slot_of,
    submitted,
)
from tests.portal.world import World
from tests.signing.pades.authority import pdf as plain_pdf


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5b2f50a84b3fae7c", "5b2f50a84b3fae7c"),
        (" 5B2F 50A8-4B3F AE7C ", "5b2f50a84b3fae7c"),
        ("5b2f50a84b3fae7", None),
        ("5b2f50a84b3fae7g", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert code_in(typed) == code


def test_a_code_is_handed_in_then_valid_then_replaced(world: World) -> None:
    version = submitted(world, "TC01A")
    assert version_facts(version).standing is CodeStatus.HANDED_IN
    deciding.accept(version, actor=above(world, "TC01A"))
    found = facts_by_code(version.code)
    assert found is not None
    assert (found.is_valid, found.replaced_by) == (True, None)

    author = world.user("TC01A", Role.FOCAL_POINT)
    draft = deciding.begin(
        fresh(version).slot,
        kind="correction",
        reason_code="counted_wrong",
        reason="s",
        actor=author,
    )
    writing_draft.save(draft.slot, numbers(people="7"), revision=draft.revision, actor=author)
    newer = handed_in(slot_of(world, "TC01A"), author)
    assert version_facts(fresh(version)).is_valid, "the correction is not accepted yet"
    deciding.accept(newer, actor=above(world, "TC01A"))
    assert (version_facts(fresh(version)).standing, version_facts(fresh(version)).replaced_by) == (
        "replaced",
        2,
    )
    assert facts_by_code("0" * 16) is None


def test_anybody_asks_without_signing_in_and_sees_no_figure(world: World, client) -> None:
    version = accepted(world, "TC01A", numbers(people="4321"))
    asked = client.post("/check/", {"code": version.code.upper()})
    assert asked.headers["Location"] == f"/check/{version.code}/"
    page = client.get(f"/check/{version.code}/")
    assert page.status_code == 200
    said = page.content.decode()
    assert papers.SCHOOL in said
    assert "4321" not in said
    assert "4.321" not in said
    assert client.get(f"/check/{'0' * 16}/").status_code == 404
    assert "/check/" in client.get("/account/login/").content.decode()
    assert client.post("/check/", {"code": "xyz"}).status_code == 200


def test_S1_a_file_is_the_same_signed_later_changed_or_unknown_and_is_not_kept(world) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    original = papers.content(made.pdf)
    once = papers.signed(original, papers.holder())
    before = StoredFile.objects.count()
    assert check_copy(original).copy is CopyStatus.ISSUED
    assert check_copy(papers.content(made.paper)).copy is CopyStatus.ISSUED
    later = check_copy(once)
    assert (later.copy, [one.tone for one in later.signatures]) == (
        CopyStatus.SIGNED_LATER,
        ["good"],
    )

    actions.store_signed_copy(made, papers.upload(once), actor=world.user("TC01A", Role.SIGNER))
    assert check_copy(once).copy is CopyStatus.SIGNED
    assert check_copy(once).signatures[0].tone == "good"
    assert check_copy(original + b"\n%").copy is CopyStatus.CHANGED
    stranger = check_copy(plain_pdf())
    assert (stranger.copy, stranger.known) == (CopyStatus.UNKNOWN, None)
    assert StoredFile.objects.count() == before + 1, "the signed copy alone"


def test_what_is_no_pdf_is_refused_and_so_is_a_third_at_once(client) -> None:
    for raw in (b"", b"PK\x03\x04", b"<html>"):
        with pytest.raises(Refused):
            check_copy(raw)
    for _one in range(uploads.AT_ONCE):
        assert uploads._room.acquire(blocking=False)
    try:
        with pytest.raises(Refused):
            check_copy(plain_pdf())
    finally:
        for _one in range(uploads.AT_ONCE):
            uploads._room.release()


def test_a_letter_is_known_by_its_code_and_its_file_once_it_is_released(world, client) -> None:
    letter = staged.numbered(world)
    at = f"/check/{letter.check_code}/"
    assert client.get(at).status_code == 404, "a number alone issues nothing"
    releasing.release(
        letter.pk, DeliveryChannels(), start_mails=False, actor=world.user("TC", Role.CLERK)
    )
    page = client.get(at)
    assert page.status_code == 200
    assert "Hợp lệ: văn bản này" in page.content.decode()
    assert letter.full_number in page.content.decode()
    for stored in (letter.pdf, letter.paper):
        pdf = papers.content(stored)
        assert letter.check_code in papers.text(pdf)
        assert (check_copy(pdf).copy, check_copy(pdf).letter) == (CopyStatus.ISSUED, letter)
    changed = check_copy(papers.content(letter.pdf) + b"\n%x")
    assert (changed.copy, changed.letter) == (CopyStatus.CHANGED, letter)
    releasing.withdraw(letter.pk, why="s", actor=world.user("TC", Role.CLERK))
    assert "Thu hồi ngày" in client.get(at).content.decode()
