"""Signatures of webhooks: those of the specification; a key that is none is refused."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes.signatures import signature, signing_key


def test_the_signature_is_that_of_the_specification() -> None:
    # Source: the example of the specification of Standard Webhooks.
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_key_is_base64_or_the_text_itself() -> None:
    assert signing_key("whsec_" + "AAAA" * 8) == bytes(24)
    assert signing_key("k" * 24) == b"k" * 24


@pytest.mark.parametrize(
    "key", ["", "k" * 23, "whsec_", "whsec_" + "AAAA" * 7, "whsec_" + "=" * 40]
)
def test_a_short_or_wrong_key_is_refused(key: str) -> None:
    with pytest.raises(QuetsachError, match="24"):
        signing_key(key)
