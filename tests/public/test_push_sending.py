"""Who waits is told once, alike whatever the answer is, and then forgotten."""

import re
from http.client import HTTPConnection
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from quetsach_public import push_sending, web_push
from quetsach_public.push_sending import send_due
from quetsach_public.settings import settings
from quetsach_public.table_writing import PublicEntry
from tests.public.made import seen
from tests.public.pushing import Browser, Plane, PushService, raw


@pytest.mark.parametrize("listed", [(), (seen("192.0.2.77/32", first=1, last=2),)])
def test_who_waits_is_told_once_alike_whatever_the_answer_is_and_then_forgotten(
    plane: Plane, service: PushService, listed: tuple[PublicEntry, ...]
) -> None:
    browser = Browser()
    ticket = plane.ticket("/en/hoi-lai")
    assert plane.ask("/en/hoi-lai/bao-tin", browser.form(ticket)).status == 200
    assert plane.send(service) == {"waits": 1}
    plane.publish(*listed, days=3)
    assert plane.send(service) == {"sent": 1}
    assert plane.kept() == []
    assert plane.send(service) == {}
    ((path, headers, body),) = service.heard
    assert (service.hosts, path) == (["fcm.googleapis.com"], "/fcm/send/abc:DEF_1-2")
    assert len(body) == 86 + 512 + 1 + 16
    message = browser.opened(body)
    assert message["title"] == "There is a newer list"
    assert message["path"].replace("-", "") == f"/en/hoilai/{ticket}".replace("-", "")
    assert plane.ask(message["path"]).status == 200
    kind, _space, rest = headers["Authorization"].partition(" ")
    named = dict(part.strip().split("=", 1) for part in rest.split(","))
    signer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(named["k"]))
    claims = jwt.decode(
        named["t"],
        signer,
        algorithms=["ES256"],
        audience="https://fcm.googleapis.com",
        options={"verify_exp": False},
    )
    assert (kind, claims["sub"]) == ("vapid", "mailto:ai@coquan.example")
    assert 0 < claims["exp"] - plane.now.timestamp() <= 86_400
    assert headers["Content-Encoding"] == "aes128gcm"


@pytest.mark.parametrize(
    ("status", "outcome", "is_kept"),
    [(503, "waits", True), (429, "waits", True), (410, "gone", False), (302, "refused", False)],
)
def test_what_a_service_answers_decides_and_no_redirect_is_followed(
    plane: Plane, service: PushService, status: int, outcome: str, is_kept: bool
) -> None:
    plane.ask("/hoi-lai/bao-tin", Browser().form(plane.ticket()))
    plane.publish(days=3)
    service.status = status
    assert plane.send(service) == {outcome: 1}
    assert bool(plane.kept()) is is_kept
    assert len(service.heard) == 1


def test_one_that_cannot_be_asked_keeps_none_of_the_others_waiting(
    plane: Plane, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Browser(f"https://{'a' * 64}.notify.windows.com/w/?token=1")
    monkeypatch.setattr(web_push, "_ENDPOINT", re.compile("https://.*"))
    for browser in (odd, Browser()):
        assert plane.ask("/hoi-lai/bao-tin", browser.form(plane.ticket())).status == 200
    plane.publish(days=3)

    def connect(host: str) -> HTTPConnection:
        host.encode("idna")
        return service.connect(host)

    assert send_due(plane.settings, plane.now, connect) == {"sent": 1, "refused": 1}
    assert plane.kept() == []


def test_the_sender_ends_with_words_where_it_is_off_or_has_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUETSACH_PUBLIC_HOME", str(tmp_path))
    monkeypatch.delenv("QUETSACH_PUBLIC_PUSH", raising=False)
    assert push_sending.main([]) == 2
    monkeypatch.setenv("QUETSACH_PUBLIC_PUSH", "mailto:ai@coquan.example")
    assert push_sending.main([]) == 2
    errors = capsys.readouterr().err
    assert "Push is off" in errors
    assert "No list to tell of" in errors
    Plane(tmp_path)
    assert push_sending.main([]) == 0
    monkeypatch.setenv("QUETSACH_PUBLIC_PUSH", "ai@coquan.example")
    with pytest.raises(ValueError, match="mailto"):
        settings()
