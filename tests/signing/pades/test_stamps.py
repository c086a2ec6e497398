"""Time stamps, and what a PDF brings along for later: judged without a network."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from quetsach.signing.pades.state import (
    PdfSigner,
    PdfState,
    SignatureFlaw,
    SignatureNote,
    StampState,
)
from quetsach.signing.pades.trust import TrustStore
from quetsach.signing.pades.unchanged import changed_since
from quetsach.signing.pades.verify import verify_pdf
from tests.signing.pades.authority import (
    DAY,
    NOW,
    UNIT,
    authority,
    clerk,
    pdf,
    revoked_list,
    trust,
)
from tests.signing.pades.signed import drawn_over, signed
from tests.signing.pades.stamping import kept, stamped, stamped_behind, stamper

THEN = NOW - 100 * DAY
OLD = (UNIT, NOW - 200 * DAY, NOW - 20 * DAY)
"""A certificate that signed while it was valid and has expired since."""

AT_THAT_TIME = TrustStore(
    (authority().der(),), revoked=(revoked_list(at=THEN), revoked_list()), units=(UNIT,)
)


def one(data: bytes, believed: TrustStore | None = None) -> PdfSigner:
    return verify_pdf(data, trust() if believed is None else believed, NOW).signers[0]


def test_a_stamp_that_is_believed_tells_since_when_the_signature_is_there() -> None:
    found = one(stamped(clerk(), stamper(NOW - DAY)))
    assert (found.state, found.flaws) == (PdfState.VALID, ())
    assert found.stamp is not None
    assert (found.stamp.state, found.stamp.by) == (StampState.TRUSTED, "Máy đóng dấu thời gian")
    assert found.stamped_at == NOW - DAY


def test_without_a_stamp_the_time_is_the_signers_own_word() -> None:
    found = one(signed(clerk()))
    assert (found.stamp, found.stamped_at, found.notes) == (None, None, (SignatureNote.OWN_TIME,))
    assert found.state is PdfState.VALID


def test_another_time_than_that_of_the_stamp_is_told() -> None:
    # The signer's clock is that of this machine; the stamp is of long before.
    assert SignatureNote.OTHER_TIME in one(stamped(clerk(), stamper(NOW - DAY))).notes


@pytest.mark.parametrize(
    ("at", "how"),
    [
        (NOW - DAY, {"by": "CA lạ"}),
        (NOW - DAY, {"stamps": False}),
        (NOW - DAY, {"until": NOW - DAY / 2}),
        (NOW + DAY, {}),
    ],
    ids=["unknown authority", "not for stamping", "expired since", "of the future"],
)
def test_a_stamp_that_nobody_vouches_for_counts_for_nothing(
    at: datetime, how: dict[str, Any]
) -> None:
    with_ = stamper(at, **how)
    found = one(stamped(clerk(), with_))
    assert found.stamp is not None
    assert found.stamp.state is StampState.UNTRUSTED
    assert (found.stamped_at, found.state) == (None, PdfState.VALID)
    assert SignatureNote.OWN_TIME in found.notes
    expired = one(stamped(clerk(*OLD), with_))
    assert expired.flaws == (SignatureFlaw.EXPIRED,)


def test_whether_the_stampers_certificate_was_revoked_has_to_be_known() -> None:
    found = one(stamped(clerk(), stamper(NOW - DAY)), trust(revoked=()))
    assert found.stamp is not None
    assert found.stamp.state is StampState.UNCONFIRMED
    assert found.flaws == (SignatureFlaw.NOT_CONFIRMED,)


def test_a_certificate_that_expired_after_the_stamp_is_good() -> None:
    found = one(stamped(clerk(*OLD), stamper(THEN)), AT_THAT_TIME)
    assert (found.flaws, found.state) == ((), PdfState.VALID)
    assert SignatureNote.EXPIRED_SINCE in found.notes
    assert one(signed(clerk(*OLD)), AT_THAT_TIME).flaws == (SignatureFlaw.EXPIRED,)


def test_a_list_of_after_its_end_says_nothing_of_an_expired_certificate() -> None:
    found = one(stamped(clerk(*OLD), stamper(THEN)), trust())
    assert found.flaws == (SignatureFlaw.NOT_CONFIRMED,), (
        "the authority may have taken it off its list"
    )
    assert SignatureNote.EXPIRED_SINCE in found.notes


def test_a_stamp_of_before_the_certificate_began_or_after_it_ended_does_not_help() -> None:
    assert (
        SignatureFlaw.EXPIRED in one(stamped(clerk(*OLD), stamper(NOW - DAY)), AT_THAT_TIME).flaws
    )
    early = stamped(clerk(*OLD), stamper(NOW - 300 * DAY))
    assert SignatureFlaw.NOT_YET_VALID in one(early, AT_THAT_TIME).flaws


def test_a_certificate_that_was_revoked_after_the_stamp_is_good_and_before_it_is_not() -> None:
    # The list says: revoked two days ago.
    revoked = trust(revoked=(revoked_list(clerk()),))
    found = one(stamped(clerk(), stamper(NOW - 3 * DAY)), revoked)
    assert (found.flaws, found.state) == ((), PdfState.VALID)
    assert SignatureNote.REVOKED_SINCE in found.notes
    assert one(stamped(clerk(), stamper(NOW - DAY)), revoked).flaws == (SignatureFlaw.REVOKED,)
    assert one(signed(clerk()), revoked).flaws == (SignatureFlaw.REVOKED,)


def test_a_stamp_behind_the_signature_counts_too_and_is_no_change() -> None:
    data = stamped_behind(signed(clerk(*OLD)), stamper(THEN))
    verdict = verify_pdf(data, AT_THAT_TIME, NOW)
    assert (verdict.state, verdict.flaws) == (PdfState.VALID, ())
    assert verdict.signers[0].stamped_at == THEN
    assert changed_since(pdf(), data) is False


def test_a_newer_stamp_keeps_an_older_one_whose_own_certificate_has_expired() -> None:
    older = stamper(THEN, until=NOW - 50 * DAY)
    data = stamped(clerk(*OLD), older)
    assert one(data, AT_THAT_TIME).stamped_at is None
    newer = stamped_behind(data, stamper(NOW - 60 * DAY))
    found = one(newer, AT_THAT_TIME)
    assert (found.stamped_at, found.flaws) == (THEN, ())


def test_a_stamp_before_the_signature_says_nothing_of_it() -> None:
    data = signed(clerk(*OLD), stamped_behind(pdf(), stamper(THEN)))
    assert one(data, AT_THAT_TIME).stamp is None


def test_what_the_file_brings_along_for_later_is_told_and_is_no_change() -> None:
    data = kept(signed(clerk()), revoked_list())
    verdict = verify_pdf(data, trust(revoked=()), NOW)
    assert verdict.state is PdfState.VALID
    assert SignatureNote.BRINGS_PROOF in verdict.signers[0].notes
    assert changed_since(pdf(), data) is False
    assert SignatureNote.BRINGS_PROOF not in one(kept(signed(clerk()), revoked_list(at=THEN))).notes


def test_a_list_that_the_file_brings_and_another_signed_is_not_believed() -> None:
    made = replace(trust(revoked=()), roots=(authority("CA lạ").der(),))
    assert one(kept(signed(clerk()), revoked_list()), made).flaws == (SignatureFlaw.UNTRUSTED,)


def test_what_is_drawn_after_the_signature_is_a_change_also_under_a_stamp() -> None:
    data = stamped_behind(drawn_over(signed(clerk())), stamper(NOW - DAY))
    verdict = verify_pdf(data, trust(), NOW)
    assert verdict.state is PdfState.CHANGED
    assert changed_since(pdf(), data) is True


@pytest.mark.parametrize("place", ["inside", "behind"])
def test_a_stamp_that_was_made_for_something_else_is_refused(place: str) -> None:
    other = stamper(NOW - DAY, of_another_file=True)
    is_inside = place == "inside"
    data = stamped(clerk(), other) if is_inside else stamped_behind(signed(clerk()), other)
    verdict = verify_pdf(data, trust(), NOW)
    assert verdict.signers[0].flaws == (SignatureFlaw.BAD_STAMP,)
    assert verdict.signers[0].stamped_at is None
    assert verdict.state is PdfState.REFUSED


def test_an_older_list_that_the_file_brings_does_not_hide_that_it_was_revoked() -> None:
    newest = trust(revoked=(revoked_list(clerk()),))
    before = revoked_list(at=NOW - 2 * DAY)
    assert one(kept(signed(clerk()), revoked_list(at=NOW - DAY / 2)), newest).flaws == (
        SignatureFlaw.REVOKED,
    )
    late = kept(stamped(clerk(), stamper(NOW - 1.5 * DAY)), before)
    assert one(late, newest).flaws == (SignatureFlaw.REVOKED,)
