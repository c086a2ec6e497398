"""Documents of reports: the number as it is printed, and what the database guards."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.document import ReportDocument, SignerCertificate
from tests.portal.reports.acting import submitted
from tests.portal.world import World


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [
        (5, "BC-UBND", "05/BC-UBND"),
        (12, "BC/HU", "12-BC/HU"),
        (112, "", "112"),
        (None, "BC-UBND", "…/BC-UBND"),
        (None, "", "…"),
    ],
)
def test_a_number_below_ten_has_a_zero_and_the_party_a_hyphen(
    number: int | None, code: str, printed: str
) -> None:
    assert ReportDocument(number=number, code=code).full_number == printed


def test_the_database_releases_no_document_without_a_number(world: World) -> None:
    version, clerk = submitted(world, "TC01A"), world.user("TC01A", Role.CLERK)
    facts = {"version": version, "asked_by": clerk, "released_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportDocument.objects.create(**facts, seq=1)
    numbered = {"number": 5, "signed_on": timezone.localdate()}
    ReportDocument.objects.create(**facts, **numbered, seq=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportDocument.objects.create(**facts, **numbered, seq=1)


def test_the_database_keeps_a_certificate_to_one_person_and_one_second_person(world: World) -> None:
    signer, clerk = (world.user("TC01A", role) for role in (Role.SIGNER, Role.CLERK))
    facts = {
        "unit": world.units["TC01A"],
        "fingerprint": "0" * 64,
        "der": b"x",
        "valid_from": timezone.now(),
        "valid_until": timezone.now(),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        SignerCertificate.objects.create(user=signer, confirmed_by=signer, **facts)
    first = SignerCertificate.objects.create(user=signer, confirmed_by=clerk, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignerCertificate.objects.create(user=clerk, **facts)
    SignerCertificate.objects.filter(pk=first.pk).update(ended_at=timezone.now())
    assert SignerCertificate.objects.create(user=clerk, **facts).pk != first.pk
