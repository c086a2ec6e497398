"""What a PDF brings along to look older or better than it is: stamps over nothing, old answers."""

import asyncio
import hashlib
from dataclasses import replace

import pytest

from quetsach.signing.pades.state import PdfState, SignatureFlaw, StampState
from quetsach.signing.pades.verify import verify_pdf
from tests.signing.pades.authority import (
    DAY,
    NOW,
    answer,
    clerk,
    revoked_list,
    trust,
)
from tests.signing.pades.stamping import kept, stamped, stamped_behind, stamper
from tests.signing.pades.test_stamps import AT_THAT_TIME, OLD, THEN, one
from tests.signing.pades.test_verify import signed

FIRST = len(b"%PDF-1.7\n")


def over_the_first_line() -> bytes:
    """Return a PDF signed with an expired certificate; its stamp covers the same in every PDF."""
    out = bytearray(stamped_behind(signed(clerk(*OLD)), stamper(THEN)))
    digest = hashlib.sha256(out[:FIRST]).digest()
    token = asyncio.run(stamper(THEN).async_timestamp(digest, "sha256")).dump().hex().encode()
    for name, opens, ends, put in (
        (b"/ByteRange", b"[", b"]", b"0 %d %d 0".replace(b"%d", b"%d" % FIRST)),
        (b"/Contents", b"<", b">", token),
    ):
        start = out.index(opens, out.rindex(name)) + 1
        end = out.index(ends, start)
        out[start:end] = put.ljust(end - start, b"0" if opens == b"<" else b" ")
    return bytes(out)


def test_a_stamp_that_covers_less_than_the_file_proves_no_signature() -> None:
    verdict = verify_pdf(over_the_first_line(), AT_THAT_TIME, NOW)
    found = verdict.signers[0]
    assert found.stamp is not None
    assert (found.stamp.state, found.stamped_at) == (StampState.BROKEN, None)
    assert found.flaws == (SignatureFlaw.EXPIRED, SignatureFlaw.BAD_STAMP)
    assert verdict.state is PdfState.REFUSED


def test_an_answer_that_the_file_brings_does_not_hide_that_it_was_revoked() -> None:
    ours = trust(revoked=(revoked_list(clerk()),))
    assert one(kept(signed(clerk()), answers=(answer(clerk()),)), ours).flaws == (
        SignatureFlaw.REVOKED,
    )
    over = trust(revoked=(revoked_list(clerk(), at=NOW - 5 * DAY),))
    assert one(kept(signed(clerk()), answers=(answer(clerk()),)), over).flaws == (
        SignatureFlaw.REVOKED,
    )


@pytest.mark.parametrize(("is_early", "flaws"), [(False, (SignatureFlaw.REVOKED,)), (True, ())])
def test_a_list_of_after_its_end_says_what_stands_on_it(
    is_early: bool, flaws: tuple[SignatureFlaw, ...]
) -> None:
    # Revoked two days before that list was made; the one that the file brings is of before.
    ended = (OLD[0], OLD[1], NOW - 2 * DAY)
    at = NOW - (3 if is_early else 2.25) * DAY
    ours = trust(revoked=(revoked_list(clerk(*ended), at=NOW - DAY / 2),))
    data = kept(stamped(clerk(*ended), stamper(at)), revoked_list(at=at))
    stamps = revoked_list(at=at)
    assert one(data, replace(ours, revoked=(*ours.revoked, stamps))).flaws == flaws
