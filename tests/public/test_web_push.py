"""A message to a browser is sealed as the standard says, and for known services alone."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from quetsach_public.web_push import PushSubscription, is_allowed, sealed
from tests.public.pushing import ENDPOINT, raw, text


def test_a_message_is_sealed_as_in_the_example_of_the_standard() -> None:
    # RFC 8291, 5.
    subscription = PushSubscription(
        ENDPOINT,
        raw(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    number = int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    message = sealed(
        subscription,
        b"When I grow up, I want to be a watermelon",
        sender=ec.derive_private_key(number, ec.SECP256R1()),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
        length=0,
    )
    assert text(message) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        (ENDPOINT, True),
        ("https://wns2-sg2p.notify.windows.com/w/?token=BQ%3d", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAA", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@192.0.2.1/x", False),
        ("https://192.0.2.1/fcm.googleapis.com", False),
        ("https://127.0.0.1/x", False),
        ("https://evil.example/x", False),
        ("https://xfcm.googleapis.com.evil.example/x", False),
        ("https://evilnotify.windows.com/x", False),
        ("https://fcm.googleapis.com/x\r\nHost: a", False),
        ("https://FCM.googleapis.com/x", False),
        # Names that no resolver can be asked for.
        ("https://a..notify.windows.com/x", False),
        ("https://.notify.windows.com/x", False),
        (f"https://{'a' * 64}.notify.windows.com/x", False),
        ("https://-a.notify.windows.com/x", False),
        ("https://fcm.googleapis.com./x", False),
        ("https://fcm.googleapis.com/" + "a" * 1000, False),
        ("", False),
    ],
)
def test_only_services_of_browser_makers_are_ever_asked(endpoint: str, allowed: bool) -> None:
    assert is_allowed(endpoint) is allowed
