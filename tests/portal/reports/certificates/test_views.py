"""The pages of certificates: registered by a signer, confirmed by a second person."""

from quetsach_portal.people.models.roles import Role
from tests.portal.reports import papers
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def test_the_pages_from_registering_to_the_word_of_the_second_person(world: World) -> None:
    signer = signed_in(world.user("TC01A", Role.SIGNER))
    file = papers.upload(papers.holder().der(), "ky.cer")
    unit = world.units["TC01A"].pk
    assert (
        signer.post("/reports/certificates/new/", {"unit": unit, "file": file}).status_code == 302
    )
    one = world.user("TC01A", Role.SIGNER).certificates.get()
    above = signed_in(world.user("TC01", Role.COMPILER))
    assert one.user.name in above.get("/reports/certificates/").content.decode()
    assert f"/certificates/{one.pk}/confirm/" in above.get("/").content.decode()
    assert signer.post(f"/reports/certificates/{one.pk}/confirm/").status_code == 403
    assert above.post(f"/reports/certificates/{one.pk}/confirm/").status_code == 302
    one.refresh_from_db()
    assert f"/certificates/{one.pk}/confirm/" not in above.get("/").content.decode()
    assert one.confirmed_by == world.user("TC01", Role.COMPILER)
