"""Whom a verifier trusts: a unit by its usual names, an authority by its certificate."""

from dataclasses import replace

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.state import PdfState, SignatureFlaw
from quetsach.signing.pades.trust import TrustStore, certificates, names_unit
from tests.signing.pades.authority import (
    OTHER_UNIT,
    UNIT,
    authority,
    clerk,
    trust,
)
from tests.signing.pades.signed import flaws, judged, signed


def test_S4_another_units_certificate_is_refused() -> None:
    verdict = judged(signed(clerk(OTHER_UNIT)))
    assert verdict.state is PdfState.REFUSED
    assert verdict.signers[0].flaws == (SignatureFlaw.WRONG_UNIT,)


@pytest.mark.parametrize(
    "called", ["UBND XÃ HÀM GIANG", "Uỷ ban nhân dân xã  Hàm Giang", "ubnd xã Hàm Giang"]
)
def test_a_unit_is_known_by_the_usual_ways_of_writing_its_name(called: str) -> None:
    certificate = certificates((clerk(called).der(),))[0]
    assert names_unit(certificate, (UNIT,))
    assert not names_unit(certificate, (OTHER_UNIT, "Giang", ""))


def test_S4_an_authority_that_nobody_trusts_is_refused() -> None:
    data = signed(clerk(by="CA lạ"))
    assert flaws(data) == (SignatureFlaw.UNTRUSTED,)
    assert flaws(signed(clerk()), replace(trust(), roots=())) == (SignatureFlaw.UNTRUSTED,)
    assert authority("CA lạ").cert != authority().cert


def test_what_is_no_certificate_is_no_reason_to_trust() -> None:
    with pytest.raises(QuetsachError) as told:
        judged(signed(clerk()), TrustStore((b"-----BEGIN NOTHING-----",)))
    assert told.value.problem.code == "E471"
