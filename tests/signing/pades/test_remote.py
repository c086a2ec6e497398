"""Remote signing: what a service may answer, and what is refused before anything is signed."""

from collections.abc import Mapping
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades import remote
from quetsach.signing.pades.remote import CscVersion, OneTimeCode
from quetsach.texts import use_language
from tests.signing.pades.authority import UNIT
from tests.signing.pades.csc_double import TOKEN, CscDouble


@pytest.fixture(autouse=True)
def _in_english() -> None:
    use_language("en")


def asking(double: CscDouble) -> remote.Ask:
    return lambda method, message: double.reply(method, dict(message), f"Bearer {TOKEN}")[1] or {}


@pytest.mark.parametrize("version", CscVersion)
def test_a_key_says_who_signs_and_what_is_typed(version: CscVersion) -> None:
    double = CscDouble(version.value)
    key = remote.key_of(asking(double), "khoa-1", version)
    assert (key.certificate.name, key.certificate.organisation) == ("Nguyễn Thị Mẫu", UNIT)
    assert (key.needs_pin, key.one_time_code) == (True, OneTimeCode.ONLINE)
    assert len(key.above) == 1
    remote.send_code(asking(double), "khoa-1", version)
    assert double.is_code_sent


@pytest.mark.parametrize(
    ("double", "why"),
    [
        (CscDouble(status="revoked"), "revoked"),
        (CscDouble(mode="oauth2code"), "log-in"),
        (CscDouble("v2", mode="oauth2code"), "log-in"),
    ],
)
def test_a_key_that_cannot_sign_here_says_why(double: CscDouble, why: str) -> None:
    with pytest.raises(QuetsachError, match=why) as raised:
        remote.key_of(asking(double), "khoa-1", CscVersion(double.version))
    assert raised.value.problem.code == "E476"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"cert": []},
        {"cert": {"certificates": []}},
        {"cert": {"certificates": [7]}},
        {"cert": {"certificates": ["====", "x"]}},
        {"cert": {"certificates": ["MAA="]}, "key": {"algo": ["1.2.840.10045.4.3.2"]}},
        {"cert": {"certificates": ["MAA="]}, "key": {"algo": ["1.3.101.112"]}},
    ],
)
def test_an_answer_that_makes_no_sense_is_a_refusal(answer: Mapping[str, Any]) -> None:
    with pytest.raises(QuetsachError) as raised:
        remote.key_of(lambda _method, _message: answer, "khoa-1", CscVersion.V1)
    assert raised.value.problem.code == "E476"


def test_codes_are_shown_in_no_text() -> None:
    assert "246810" not in repr(remote.SignerCodes("246810", "135790"))


@pytest.mark.parametrize("version", CscVersion)
def test_a_key_that_nothing_releases_is_refused_unless_a_phone_does(version: CscVersion) -> None:
    def answering(mode: str) -> remote.Ask:
        double = CscDouble(version.value, mode=mode)
        info = double.reply("credentials/info", {"credentialID": "khoa-1"}, f"Bearer {TOKEN}")[1]
        return lambda _method, _message: (
            info
            | {
                "PIN": {"presence": "false"},
                "OTP": {"presence": "false"},
                "auth": {"mode": mode, "objects": []},
            }
        )

    with pytest.raises(QuetsachError, match="neither a PIN nor a code"):
        remote.key_of(answering("explicit"), "khoa-1", version)
    key = remote.key_of(answering("implicit"), "khoa-1", version)
    assert (key.needs_pin, key.one_time_code) == (False, OneTimeCode.NONE)
