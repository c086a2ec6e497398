"""Signing with a key at a trust service, against a server of ours that speaks the CSC API."""

import logging
from dataclasses import replace

import pytest

from quetsach.api import remote_signing
from quetsach.api.feeds import AllowedHosts
from quetsach.api.remote_signing import RemoteService, SignerCodes, sign
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import FetchBounds
from quetsach.signing.pades.state import SignatureFlaw
from quetsach.signing.pades.unchanged import changed_since
from quetsach.texts import use_language
from tests.signing.pades.authority import clerk, pdf
from tests.signing.pades.csc_double import OTP, PIN, TOKEN, CscDouble, running
from tests.signing.pades.signed import flaws

CODES = SignerCodes(PIN, OTP)
LOOPBACK = AllowedHosts.named(["127.0.0.0/8"])


@pytest.fixture(autouse=True)
def _in_english() -> None:
    use_language("en")


def service(double: CscDouble, token: str = TOKEN) -> RemoteService:
    return RemoteService(double.url, LOOPBACK, token, bounds=FetchBounds(5, 5, 1 << 20))


@pytest.mark.parametrize(
    "double", [CscDouble("v1"), CscDouble("v2"), CscDouble("v2", bare_numbers=True)]
)
def test_a_key_at_the_service_signs_the_pdf_and_sees_only_its_digest(double: CscDouble) -> None:
    original = pdf()
    with running(double):
        remote = service(double)
        (key,) = remote.credentials("chutich")
        remote.send_code(key.credential_id)
        signed = sign(original, remote, key, CODES)
    # The made-up certificate is valid around a day of its own, the signer's clock is that of now.
    assert set(flaws(signed)) <= {SignatureFlaw.EXPIRED, SignatureFlaw.NOT_YET_VALID}
    assert not changed_since(original, signed)
    methods = [method for method, _message in double.asked]
    assert methods[-2:] == ["credentials/authorize", "signatures/signHash"]
    assert b"Bao cao" not in str(double.asked).encode()


@pytest.mark.parametrize(
    ("double", "codes", "token", "why"),
    [
        (CscDouble(), SignerCodes("0", OTP), TOKEN, "PIN"),
        (CscDouble("v2"), SignerCodes(PIN, "0"), TOKEN, "code is wrong"),
        (CscDouble(), CODES, "cu", "token"),
        (CscDouble(signs_with=clerk("Đơn vị khác")), CODES, TOKEN, "does not belong"),
    ],
)
def test_what_the_service_does_not_sign_is_not_signed(double, codes, token, why, caplog) -> None:
    with running(double), caplog.at_level(logging.DEBUG):
        key = service(double).key("khoa-1")
        with pytest.raises(QuetsachError, match=why) as raised:
            sign(pdf(), service(double, token), key, codes)
    assert raised.value.problem.code == "E476"
    for secret in (PIN, OTP, TOKEN):
        assert secret not in caplog.text + str(raised.value)
        assert secret not in repr(service(double))


def test_a_list_of_keys_that_takes_too_long_is_refused_as_a_whole(monkeypatch) -> None:
    ticks = iter(range(0, 1000, 25))
    monkeypatch.setattr(remote_signing, "monotonic", lambda: next(ticks))
    double = CscDouble()
    with running(double):
        assert len(replace(service(double), listing_s=51).credentials("chutich")) == 1
        with pytest.raises(QuetsachError, match=r"too long.*") as raised:
            replace(service(double), listing_s=50).credentials("chutich")
    assert raised.value.problem.code == "E476"
    assert [method for method, _message in double.asked][-1] == "credentials/list"


@pytest.mark.parametrize("answer", [b"[" * 100_000, b"\xff", b"x" * (2 << 20), b"{}"])
def test_an_answer_of_any_kind_is_a_coded_refusal(answer: bytes) -> None:
    with running(CscDouble(answer=answer)) as double, pytest.raises(QuetsachError) as raised:
        service(double).credentials("chutich")
    assert raised.value.problem.code == "E476"


def test_only_the_host_that_is_allowed_is_asked() -> None:
    with running(CscDouble()) as double:
        elsewhere = RemoteService(double.url, AllowedHosts.named(["ky.example"]), TOKEN)
        with pytest.raises(QuetsachError, match="not allowed"):
            elsewhere.credentials("chutich")
        assert not double.asked
    with pytest.raises(QuetsachError, match="v1"):
        RemoteService("https://ky.example/csc", AllowedHosts.named(["ky.example"])).credentials("")
    with pytest.raises(QuetsachError, match="https"):
        RemoteService("http://ky.example/csc/v1", LOOPBACK).credentials("")
