"""The pages of a document."""

from dataclasses import replace

from quetsach_portal.people.models.roles import Role
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    accepted,
    submitted,
)
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_a_stamp_and_an_address_that_the_clerk_gives_are_printed_and_shown(world: World) -> None:
    version = accepted(world, "TC01A", papers.with_words("Không in được \ue000 này"))
    given = replace(papers.numbering(), urgency="urgent", contact="Địa chỉ: Ấp 2")
    made = papers.numbered(version, world, given)
    printed = papers.text(papers.content(made.pdf))
    assert "KHẨN" in printed
    assert "Địa chỉ: Ấp 2" in printed
    assert "<Priority>1</Priority>" in made.entry
    client = signed_in(world.user("TC01A", Role.CLERK))
    page = client.get(f"/reports/documents/{version.pk}/").content.decode()
    assert "KHẨN" in page
    assert "Không in được ký tự này: U+E000, trong đoạn “Không in được □ này”." in page


def test_who_does_not_read_the_reports_below_gets_none_in_the_bundle(world: World) -> None:
    child = accepted(world, "TC01A")
    version = submitted(world, "TC01")
    for role, held in ((Role.CLERK, False), (Role.COMPILER, True)):
        found = signed_in(world.user("TC01", role)).get(f"/reports/documents/{version.pk}/bundle")
        content = found.getvalue()
        assert (child.sha256.encode() in content, found.status_code) == (True, 200)
        assert (child.payload.encode() in content) is held
