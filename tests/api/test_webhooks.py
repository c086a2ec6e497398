"""Webhooks: a message is verified as it was signed, and only for a short while."""

import subprocess
import sys

import pytest

from quetsach.api.webhooks import (
    WINDOW_S,
    WrongSignatureError,
    signed_headers,
    signing_key,
    verified,
)

KEY = "whsec_" + "c2Vj" * 8
BODY = b'{"type": "quetsach.alert"}'
AT = 1_788_225_322


def headers(**changed: str) -> dict[str, str]:
    signed = signed_headers(signing_key(KEY), "msg_1", AT, BODY)
    return signed | {f"webhook-{name}": content for name, content in changed.items()}


def test_a_message_is_returned_once_its_signature_holds() -> None:
    assert verified(headers(), BODY, KEY, now_s=AT + WINDOW_S) == {"type": "quetsach.alert"}
    several = headers(signature="v1,AAAA v1a,xx " + headers()["webhook-signature"])
    assert verified(several, BODY, KEY, now_s=AT - WINDOW_S)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "msg_2"},
        {"timestamp": str(AT + 1)},
        {"timestamp": ""},
        {"timestamp": "\u0661"},
        {"timestamp": "-1"},
        {"timestamp": "9" * 400},
        {"signature": ""},
        {"signature": "v1,\u00e9"},
        {"signature": "v2," + "A" * 44},
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(WrongSignatureError):
        verified(headers(**changed), BODY, KEY, now_s=AT)


def test_another_body_another_key_or_another_time_is_refused() -> None:
    for body, key, now_s in (
        (BODY + b" ", KEY, AT),
        (BODY, "k" * 24, AT),
        (BODY, KEY, AT + WINDOW_S + 1),
        (BODY, KEY, AT - WINDOW_S - 1),
    ):
        with pytest.raises(WrongSignatureError):
            verified(headers(), body, key, now_s=now_s)
    with pytest.raises(WrongSignatureError):
        verified({}, BODY, KEY)


def test_nothing_heavy_is_loaded() -> None:
    script = "import quetsach.api.webhooks, sys; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
