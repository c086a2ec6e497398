"""The demo's authority: its certificate signs the leader's, and nobody is revoked."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from quetsach_portal.demo_district import reports
from quetsach_portal.demo_district.reports import _certificate, _name, _nobody_revoked


def test_the_leaders_certificate_is_issued_by_an_authority_and_is_none_itself() -> None:
    now = timezone.now()
    above, key = (ec.generate_private_key(ec.SECP256R1()) for _key in range(2))
    called = _name("CA")
    root = _certificate(above, called, above, called, now, is_authority=True)
    certificate = _certificate(key, _name("Trần Thị Minh", "UBND xã Một"), above, called, now)
    certificate.verify_directly_issued_by(root)
    authority = [
        one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        for one in (root, certificate)
    ]
    assert authority == [True, False]
    assert certificate.not_valid_before_utc < now < certificate.not_valid_after_utc
    revoked = _nobody_revoked(above, now)
    assert revoked.is_signature_valid(above.public_key())
    assert len(revoked) == 0


def test_each_special_report_is_that_of_another_unit() -> None:
    special = [
        *(reports.DRAFT, reports.RETURNED, reports.NOTHING, reports.LATE, reports.TAKEN_BACK),
        *(reports.SIGNED, reports.FORWARDED, reports.SUPPLEMENTED, reports.CORRECTED),
        *reports.WAITING,
    ]
    assert len(set(special)) == len(special)
    assert not set(special) & reports.MISSING
