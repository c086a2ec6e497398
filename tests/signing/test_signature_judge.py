"""The verdict: who is trusted, and that one fault is enough."""

import pytest

from quetsach.signing.signature import SignableFile, SignatureState, SignedKind, judge, sign_digest
from tests.signing.seals import KEY, OTHER, WHEN

DIGEST = "sha256:" + "cd" * 32
BY_KEY = sign_digest(KEY, SignedKind.FILE, DIGEST, WHEN)
BY_OTHER = sign_digest(OTHER, SignedKind.FILE, DIGEST, WHEN)


def test_one_trusted_signer_of_two_is_enough_and_the_other_is_named_as_not_trusted() -> None:
    verdict = judge(SignableFile(SignedKind.FILE, DIGEST, (BY_KEY, BY_OTHER)), (OTHER.public,))
    assert verdict.state is SignatureState.TRUSTED
    assert [(one.owner, one.trusted) for one in verdict.signers] == [("", False), ("CSIRT", True)]


def test_fault_of_form_outweighs_good_signatures() -> None:
    verdict = judge(SignableFile(SignedKind.FILE, DIGEST, (BY_KEY,), ("cut",)), (KEY.public,))
    assert (verdict.state, verdict.faults) == (SignatureState.ALTERED, ("cut",))


@pytest.mark.asvs("V9.2.2")
def test_signature_of_another_kind_does_not_fit() -> None:
    assert (
        judge(SignableFile(SignedKind.FINDINGS, DIGEST, (BY_KEY,)), (KEY.public,)).state
        is SignatureState.ALTERED
    )


def test_same_key_twice_is_a_fault() -> None:
    assert (
        judge(SignableFile(SignedKind.FILE, DIGEST, (BY_KEY, BY_KEY)), ()).state
        is SignatureState.ALTERED
    )


def test_nothing_signed_is_unsigned_whatever_is_trusted() -> None:
    assert (
        judge(SignableFile(SignedKind.FILE, DIGEST), (KEY.public,)).state is SignatureState.UNSIGNED
    )
