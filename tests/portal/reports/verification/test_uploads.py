"""The open page that checks a copy: valid, replaced, unknown, changed; nothing of it is kept."""

import pytest

from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.documents import actions
from quetsach_portal.reports.verification import uploads
from quetsach_portal.reports.verification.uploads import CopyStatus, check_copy
from quetsach_portal.web.acts import Refused
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    accepted,
)
from tests.signing.pades.authority import pdf as plain_pdf
from tests.signing.pades.test_unchanged import drawn_by_signing


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
    over = drawn_by_signing(original, (60, 500, 540, 600), "Seal")
    assert check_copy(over).copy is CopyStatus.COVERS
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
