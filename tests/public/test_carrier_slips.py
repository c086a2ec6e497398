"""Slips for carriers: what was seen, signed; nothing of the list, and nothing without a port."""

import base64
import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from quetsach_public.addresses import port_of, proxies_of
from quetsach_public.app import Application
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts, write_campaign
from tests.public.asking import Got, asked
from tests.public.made import CAMPAIGN, NOW, made_home

WORDS = texts("vi")["carrier"]["said"]
PORT = {"REMOTE_PORT": "40001"}


@pytest.fixture
def app(tmp_path: Path) -> Application:
    return Application(made_home(tmp_path / "home"), now=lambda: NOW, check_interval_s=0)


def slip_of(page: Got) -> str:
    (slip,) = re.findall(r'<p class="address">([^<]+)</p></details>', page.text)
    return html.unescape(slip)


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read(slip: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Read a slip as any library for web signatures would."""
    head, claims, signature = slip.split(".")
    header = json.loads(unpacked(head))
    assert header["alg"] == "EdDSA"
    (key,) = (one for one in keys["keys"] if one["kid"] == header["kid"])
    public = Ed25519PublicKey.from_public_bytes(unpacked(key["x"]))
    public.verify(unpacked(signature), f"{head}.{claims}".encode())
    found: dict[str, Any] = json.loads(unpacked(claims))
    return found


def test_a_slip_says_address_port_and_time_as_the_page_saw_them_and_who_signed(
    app: Application,
) -> None:
    page = asked(app, "/nha-mang", "POST", remote="198.51.100.7", **PORT)
    assert page.status == 200
    keys = json.loads(asked(app, "/nha-mang/keys.json").body)
    at = int(NOW.timestamp())
    claims = {"iss": CAMPAIGN.address, "ip": "198.51.100.7", "port": 40001}
    assert read(slip_of(page), keys) == {**claims, "iat": at, "exp": at + 3600}
    for shown in ("198.51.100.7", "40001", "08:00:00, 21/09/2022", "<svg"):
        assert shown in page.text


def test_an_altered_slip_is_not_proven_by_the_keys(app: Application) -> None:
    slip = slip_of(asked(app, "/nha-mang", "POST", remote="198.51.100.7", **PORT))
    keys = json.loads(asked(app, "/nha-mang/keys.json").body)
    head, claims, signature = slip.split(".")
    other = json.loads(unpacked(claims)) | {"port": 40002}
    packed = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
    with pytest.raises(InvalidSignature):
        read(f"{head}.{packed}.{signature}", keys)


@pytest.mark.parametrize(
    ("remote", "port", "why"),
    [
        ("198.51.100.7", "", "no-port"),
        ("198.51.100.7", "0", "no-port"),
        ("198.51.100.7", "65536", "no-port"),
        ("198.51.100.7", "x", "no-port"),
        ("10.1.2.3", "40001", "no-address"),
        ("x", "40001", "no-address"),
        ("2001:db8::7", "40001", "not-shared"),
    ],
)
def test_what_would_be_worth_nothing_to_a_carrier_is_not_handed_out_and_the_reason_is_said(
    app: Application, remote: str, port: str, why: str
) -> None:
    page = asked(app, "/nha-mang", "POST", remote=remote, REMOTE_PORT=port)
    assert WORDS[why] in html.unescape(page.text)
    assert "<svg" not in page.text


def test_a_port_is_believed_of_the_own_proxy_alone() -> None:
    proxies = proxies_of("127.0.0.1/32")
    written = {"HTTP_X_CLIENT_PORT": "1234", "REMOTE_PORT": "5678"}
    assert port_of({**written, "REMOTE_ADDR": "127.0.0.1"}, proxies) == 1234
    assert port_of({**written, "REMOTE_ADDR": "198.51.100.7"}, proxies) == 5678
    assert port_of({"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "5678"}, proxies) is None


def test_a_slip_leads_to_the_answer_pages_of_the_named_carriers_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    settings = made_home(tmp_path)
    carriers = (("Nhà mạng <Sen>", "https://sen.example/quetsach"),)
    write_campaign(settings.campaign, replace(CAMPAIGN, carriers=carriers))
    app = Application(settings, now=lambda: NOW, check_interval_s=0)
    page = asked(app, "/nha-mang", "POST", remote="198.51.100.7", **PORT)
    links = re.findall(r'href="(https://[^"?]+)\?slip=([^"]+)"', page.text)
    assert links == [("https://sen.example/quetsach", slip_of(page))]
    assert "Nhà mạng &lt;Sen&gt;" in page.text


def test_keys_are_renewed_and_an_old_slip_has_expired_before_its_key_is_gone(
    tmp_path: Path,
) -> None:
    now = [NOW]
    app = Application(made_home(tmp_path), now=lambda: now[0], check_interval_s=0)
    ids = []
    for days in (0, 29, 30, 32):
        now[0] = NOW + timedelta(days=days)
        keys = json.loads(asked(app, "/nha-mang/keys.json").body)["keys"]
        ids.append([key["kid"] for key in keys])
    assert ids[0] == ids[1]
    assert len(ids[2]) == 2
    assert ids[3] == ids[2][:1]


def test_nothing_of_a_slip_is_kept(app: Application, tmp_path: Path) -> None:
    asked(app, "/nha-mang", "POST", remote="198.51.100.7", **PORT)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    asked(app, "/nha-mang", "POST", remote="198.51.100.8", **PORT)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert before == after


def test_one_address_gets_300_slips_at_once_and_then_it_is_busy(app: Application) -> None:
    def status() -> int:
        page = asked(app, "/nha-mang", "POST", remote="198.51.100.7", REMOTE_PORT="")
        return page.status

    assert [status() for _ in range(301)] == [200] * 300 + [503]


def test_the_interface_is_served_as_openapi_and_as_a_page_in_each_language(
    app: Application,
) -> None:
    moved = asked(app, "/nha-mang/openapi.json")
    assert moved.status == 303
    interface = json.loads(asked(app, moved.headers["Location"]).body)
    assert interface["openapi"] == "3.1.0"
    assert set(interface["paths"]) == {"/nha-mang/keys.json", "/quetsach/answer"}
    for language in LANGUAGES:
        page = asked(app, f"{prefix(language)}/nha-mang/giao-dien").text
        for path in interface["paths"]:
            assert path in page
        poster = asked(app, f"{prefix(language)}/nha-mang/quet").text
        assert "<svg" in poster
