"""Certificates tied to accounts: a second person vouches, and a signature says whose desk it is."""

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.x509 import load_der_x509_certificate

from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.reports.certificates import actions
from quetsach_portal.reports.certificates.actions import words
from quetsach_portal.reports.documents import actions as documents_actions
from quetsach_portal.reports.verification.uploads import check_copy
from quetsach_portal.web.acts import Refused
from tests.portal.reports import papers
from tests.portal.reports.acting import accepted
from tests.portal.signing_in import signed_in
from tests.portal.world import World
from tests.signing.pades.authority import Held

OTHER = "Ủy ban nhân dân xã Hai"


def registered(world: World, held: Held, code: str = "TC01A", role: Role = Role.SIGNER):
    """Return a certificate registered and confirmed at a desk."""
    one = actions.register(world.units[code], held.der(), actor=world.user(code, role))
    actions.confirm(one, actor=world.user(code, Role.COMPILER))
    return one


def test_nobody_vouches_for_themselves_and_a_certificate_is_one_persons(world: World) -> None:
    held, signer = papers.holder(), world.user("TC01A", Role.SIGNER)
    unit = world.units["TC01A"]
    one = actions.register(unit, held.der(), actor=signer)
    with pytest.raises(Refused):
        actions.confirm(one, actor=signer)
    with pytest.raises(Refused):
        actions.register(unit, held.der(), actor=world.user("TC01A", Role.CLERK))
    for wrong in (papers.holder(OTHER), papers.holder(is_expired=True)):
        with pytest.raises(Refused) as told:
            actions.register(unit, wrong.der(), actor=signer)
        assert told.value.field == "file"
    actions.end(one, "mất thiết bị", actor=signer)
    assert actions.register(unit, held.der(), actor=world.user("TC01A", Role.CLERK)).pk != one.pk


def test_a_signed_copy_says_whose_account_and_desk_it_is_and_strangers_are_refused(
    world: World,
) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    clerk, held = world.user("TC01A", Role.CLERK), papers.holder()
    once = papers.signed(papers.content(made.pdf), held)

    author = registered(world, held, role=Role.FOCAL_POINT)
    with pytest.raises(Refused, match=r"neither signer|không còn là"):
        documents_actions.store_signed_copy(made, papers.upload(once), actor=clerk)
    seat = Assignment.objects.get(user=author.user)
    Assignment.objects.create(
        user=author.user, unit=seat.unit, role=Role.SIGNER, valid_from=seat.valid_from
    )
    with pytest.raises(Refused, match=r"wrote the report|đã lập báo cáo"):
        documents_actions.store_signed_copy(made, papers.upload(once), actor=clerk)
    actions.end(author, "nhầm", actor=author.user)

    ours = registered(world, held)
    kept = documents_actions.store_signed_copy(made, papers.upload(once), actor=clerk)
    assert kept.certificate == ours
    assert str(ours.user) in words(kept.certificate)
    twice = papers.signed(once, papers.holder(papers.SCHOOL))
    told = check_copy(twice)
    assert next(one.certificate for one in told.signatures) == ours
    page = signed_in(clerk).get(f"/reports/documents/{made.version_id}/").content.decode()
    assert str(ours.user) in page


def test_a_certificate_of_another_units_desk_is_refused(world: World) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    held = papers.holder()
    one = registered(world, held)
    type(one).objects.filter(pk=one.pk).update(unit=world.units["TC02"])
    with pytest.raises(Refused, match="TC01A"):
        signed = papers.upload(papers.signed(papers.content(made.pdf), held))
        documents_actions.store_signed_copy(made, signed, actor=world.user("TC01A", Role.CLERK))


def respelt(held: Held) -> Held:
    """Return the same certificate with its issuer's signature in its other form, n - s."""
    whole = x509.Certificate.load(held.der())
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    r, s = decode_dss_signature(whole["signature_value"].native)
    parts = {name: whole[name] for name in ("tbs_certificate", "signature_algorithm")}
    made = x509.Certificate({**parts, "signature_value": encode_dss_signature(r, order - s)})
    return Held(held.key, load_der_x509_certificate(made.dump()))


def test_the_same_certificate_in_other_bytes_is_its_holders_still(world: World) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    held = papers.holder()
    registered(world, held, role=Role.FOCAL_POINT)
    again = papers.signed(papers.content(made.pdf), respelt(held))
    with pytest.raises(Refused, match=r"neither signer|không còn là"):
        documents_actions.store_signed_copy(
            made, papers.upload(again), actor=world.user("TC01A", Role.CLERK)
        )


def test_a_certificate_beside_a_signature_that_it_did_not_make_names_nobody(world: World) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    held = papers.holder()
    ours = registered(world, held)
    data = papers.signed(papers.content(made.pdf), held)
    assert check_copy(data).signatures[0].certificate == ours
    forged = data.replace(b"/Type", b"/Typf", 1)
    told = check_copy(forged).signatures
    assert [one.certificate for one in told] == [None]
