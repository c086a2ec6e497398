"""Signatures in a PDF: what is valid, what is not, and what nobody can confirm."""

import re
from dataclasses import replace

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.state import PdfState, SignatureFlaw
from quetsach.signing.pades.unchanged import changed_since
from tests.signing.pades.authority import (
    DAY,
    NOW,
    OTHER_UNIT,
    UNIT,
    answer,
    clerk,
    pdf,
    revoked_list,
    trust,
)
from tests.signing.pades.signed import flaws, judged, signed


def test_a_signature_is_valid_when_its_unit_signed_the_whole_file_and_nothing_is_revoked() -> None:
    verdict = judged(signed(clerk()))
    assert verdict.state is PdfState.VALID
    assert [(one.name, one.organisation) for one in verdict.signers] == [("Nguyễn Thị Mẫu", UNIT)]
    assert judged(pdf()).state is PdfState.UNSIGNED


@pytest.mark.parametrize("place", [20, 200, 400])
def test_S1_one_byte_changed_after_signing_is_told(place: int) -> None:
    data = bytearray(signed(clerk()))
    at = data.index(b"Bao cao") + 1 if place == 400 else place
    data[at] ^= 1
    assert judged(bytes(data)).state is PdfState.CHANGED
    assert changed_since(pdf(), bytes(data)) is True


def test_S2_a_second_signature_leaves_the_first_valid_and_covers_the_whole_file() -> None:
    once = signed(clerk())
    twice = signed(clerk(OTHER_UNIT), once)
    verdict = judged(twice, replace(trust(), units=(UNIT, OTHER_UNIT)))
    assert [one.state for one in verdict.signers] == [PdfState.VALID, PdfState.VALID]
    assert (verdict.state, verdict.flaws) == (PdfState.VALID, ())
    assert twice.startswith(once)
    size = len(twice)
    assert [one.covered for one in verdict.signers] == [(len(once), size), (size, size)]
    assert (changed_since(pdf(), once), changed_since(pdf(), twice)) == (False, False)
    assert changed_since(pdf(), pdf()) is False


def test_S4_an_expired_certificate_is_refused() -> None:
    assert flaws(signed(clerk(UNIT, NOW - 300 * DAY, NOW - DAY))) == (SignatureFlaw.EXPIRED,)


def test_S4_a_certificate_of_the_future_is_refused() -> None:
    assert flaws(signed(clerk(UNIT, NOW + DAY, NOW + 9 * DAY))) == (SignatureFlaw.NOT_YET_VALID,)


def test_S4_a_revoked_certificate_is_refused_by_list_and_by_answer() -> None:
    data = signed(clerk())
    assert flaws(data, trust(revoked=(revoked_list(clerk()),))) == (SignatureFlaw.REVOKED,)
    asked = replace(trust(revoked=()), answers=(answer(clerk(), good=False),))
    assert flaws(data, asked) == (SignatureFlaw.REVOKED,)
    assert judged(data, asked).state is PdfState.REFUSED


def test_S4_without_any_word_on_revocation_it_is_not_yet_confirmed() -> None:
    data = signed(clerk())
    stale = revoked_list(at=NOW - 30 * DAY)
    for known in ((), (stale,)):
        verdict = judged(data, trust(revoked=known))
        assert verdict.signers[0].flaws == (SignatureFlaw.NOT_CONFIRMED,)
        assert verdict.state is PdfState.UNCONFIRMED
    asked = replace(trust(revoked=()), answers=(answer(clerk()),))
    assert judged(data, asked).state is PdfState.VALID


def test_a_certificate_that_is_not_for_signing_is_refused() -> None:
    assert judged(signed(clerk(signs=False))).state is PdfState.REFUSED


def test_the_last_signature_of_three_is_the_one_that_covers_the_file() -> None:
    data = signed(clerk(), signed(clerk(), signed(clerk())))
    assert [one.state for one in judged(data).signers] == [PdfState.VALID] * 3
    longer = judged(data + b"\n% more\n")
    assert longer.state is PdfState.CHANGED
    assert longer.signers[-1].covered == (len(data), len(data) + len(b"\n% more\n"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html>%PDF-", pdf()[:-60]])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(QuetsachError) as told:
        judged(data)
    assert told.value.problem.code == "E472"


def test_a_signature_whose_time_cannot_be_read_is_unreadable() -> None:
    whole = signed(clerk())
    time = re.search(rb"/M \(D(?:\\072|:)\d{14}(.)", whole)
    assert time is not None
    odd = whole[: time.start(1)] + b"+" + whole[time.end(1) :]
    assert SignatureFlaw.UNREADABLE in flaws(odd)
