"""What the desk of a signer asks for, by what the certificates want."""

from dataclasses import replace

from quetsach.api.remote_signing import CscVersion, OneTimeCode
from quetsach.signing.pades.remote import key_of
from quetsach_portal.files.signing_desk import RemoteSignatureForm, RemoteStep, pages_of
from tests.signing.pades.csc_double import TOKEN, CscDouble


def test_pin_and_code_are_asked_for_only_where_the_key_wants_them() -> None:
    double = CscDouble()
    key = key_of(
        lambda method, message: double.reply(method, dict(message), f"Bearer {TOKEN}")[1],
        "khoa-1",
        CscVersion.V1,
    )
    step = RemoteStep(RemoteSignatureForm(), (key,))
    assert (step.needs_pin, step.needs_code, step.sends_code) == (True, True, True)
    nodding = replace(key, needs_pin=False, one_time_code=OneTimeCode.NONE)
    step = RemoteStep(RemoteSignatureForm(), (nodding,))
    assert (step.needs_pin, step.needs_code, step.sends_code) == (False, False, False)


def test_without_a_file_there_are_no_pages() -> None:
    assert not pages_of(None)
