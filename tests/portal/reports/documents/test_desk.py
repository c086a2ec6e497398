"""The signer reads a report's document where it is signed."""

from dataclasses import replace

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports import deciding
from quetsach_portal.reports.worklist import for_signer
from tests.portal.reports import papers
from tests.portal.reports.acting import accepted, fresh
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_a_numbered_document_is_read_signed_and_leaves_the_list(world: World) -> None:
    version = accepted(world, "TC01A")
    signer = world.user("TC01A", Role.SIGNER)
    deciding.sign(version, actor=signer)
    document = papers.numbered(fresh(version), world)
    desk = f"/reports/documents/edition/{document.pk}/sign/"
    assert [task.address for task in for_signer(scope_of(signer))] == [desk]
    client = signed_in(signer)
    page = client.get(desk).content.decode()
    assert f"{desk}1.png" in page
    assert "Đã kiểm tra những gì" in page
    assert client.get(f"{desk}1.png").content.startswith(b"\x89PNG")
    assert client.get(f"{desk}remotely/").status_code == 200
    wrong = client.post(desk, {"file": papers.upload(papers.holder().p12(), "khoa.pfx")})
    assert "khóa riêng" in wrong.content.decode()
    data = papers.signed(papers.content(document.pdf), papers.holder())
    assert client.post(desk, {"file": papers.upload(data)}).status_code == 302
    assert for_signer(scope_of(signer)) == []


def test_who_wrote_the_report_is_not_told_to_sign_it(world: World) -> None:
    version = accepted(world, "TC01A")
    signer = world.user("TC01A", Role.SIGNER)
    scope = scope_of(signer)
    assert len(for_signer(scope)) == 1
    assert for_signer(replace(scope, user_id=version.author_id)) == []
