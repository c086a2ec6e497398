"""Slips for subscribers behind a shared address: what their carrier needs to answer from its logs.

A slip is a JSON Web Signature (RFC 7515) with Ed25519 (RFC 8037): the address, the source port and
the time as this plane saw them. It says nothing of the list. docs/carriers.md describes the whole.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quetsach_public.addresses import ClientAddress, is_inside_address, spelled
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.campaign import PageCampaign
from quetsach_public.pages.filling import filled
from quetsach_public.plane_keys import PlaneKey, PlaneKeys
from quetsach_public.qr import labelled_qr
from quetsach_public.responses import PublicResponse, padded_reply
from quetsach_public.settings import VIETNAM

PATH = "/nha-mang"
KEYS = "/nha-mang/keys.json"
INTERFACE = "/nha-mang/openapi.json"
"""What a carrier's answerer has to do, as OpenAPI: the same bytes for every plane."""

GOOD_FOR = timedelta(hours=1)
KEY_DAYS = 30
TYPE = "quetsach-slip+jws"
RATE, BURST = 300 / 3_600, 300.0
"""Slips of one address: thousands of subscribers may stand behind it, each picture costs."""


class SlipSigner:
    """Signs slips, across all processes that share `run`."""

    def __init__(self, run: Path) -> None:
        self._keys = PlaneKeys(
            run / "slips.keys",
            lambda: Ed25519PrivateKey.generate().private_bytes_raw(),
            renew_after=KEY_DAYS,
            keep_for=1,
        )

    def sign(self, caller: ClientAddress, port: int, now: datetime, *, issuer: str) -> str:
        """Return the slip of an IPv4 `caller`; times are whole seconds since 1970, UTC."""
        key = self._keys.newest(now.date())
        at = int(now.timestamp())
        header = {"alg": "EdDSA", "kid": _key_id(key), "typ": TYPE}
        claims = {
            "iss": issuer,
            "ip": spelled(caller),
            "port": port,
            "iat": at,
            "exp": at + int(GOOD_FOR.total_seconds()),
        }
        text = f"{_packed(_json(header))}.{_packed(_json(claims))}"
        secret = Ed25519PrivateKey.from_private_bytes(key.secret)
        return f"{text}.{_packed(secret.sign(text.encode()))}"

    def public_keys(self, now: datetime) -> bytes:
        """Return the keys that signed slips still good, as a JSON Web Key Set (RFC 7517)."""
        self._keys.newest(now.date())
        keys = [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": _key_id(key),
                "x": _packed(_public(key)),
            }
            for key in self._keys.known(now.date())
        ]
        return _json({"keys": keys})


class CarrierResponder:
    """Answers for slips and for the keys that prove them."""

    def __init__(self, signer: SlipSigner) -> None:
        self._signer = signer
        self._made = PaceLimits(RATE, BURST)

    def keys(self, now: datetime) -> PublicResponse:
        """Return the keys, which anybody may have."""
        headers = [("Cache-Control", "public, max-age=300"), ("Access-Control-Allow-Origin", "*")]
        body = self._signer.public_keys(now)
        return PublicResponse("200 OK", body, kind="application/json", headers=headers)

    def form(self, frames: Mapping[str, Any]) -> PublicResponse:
        """Return the page that hands out a slip."""
        return padded_reply(filled(frames["carrier"], {}))

    def take(
        self,
        frames: Mapping[str, Any],
        caller: ClientAddress | None,
        port: int | None,
        now: datetime,
        *,
        number: int,
        campaign: PageCampaign | None,
    ) -> PublicResponse | None:
        """Return a slip for `caller`, or why there is none; None for "busy".

        Shapes: `number` is the caller for the limits.
        """
        if not self._made.within(number):
            return None
        words = frames["carrier_words"]
        reason = _reason(caller, port, campaign)
        if reason or caller is None or port is None or campaign is None:
            refusal = (
                f'<div class="wrong" role="alert"><h2>{escape(words["none"])}</h2>'
                f"<p>{escape(words[reason])}</p></div>"
            )
            return padded_reply(filled(frames["carrier"], {"said": refusal}))
        slip = self._signer.sign(caller, port, now, issuer=campaign.address)
        return padded_reply(_slip_page(frames, slip, (caller, port, now), campaign))


def _reason(caller: ClientAddress | None, port: int | None, campaign: PageCampaign | None) -> str:
    """Return why there can be no slip, "" for nothing."""
    if caller is None or is_inside_address(caller):
        return "no-address"
    if caller.version == 6:
        return "not-shared"
    if port is None:
        return "no-port"
    return "" if campaign is not None and campaign.address else "no-issuer"


def _slip_page(
    frames: Mapping[str, Any],
    slip: str,
    seen: tuple[ClientAddress, int, datetime],
    campaign: PageCampaign,
) -> bytes:
    words, (caller, port, now) = frames["carrier_words"], seen
    rows = (
        (words["ip"], spelled(caller)),
        (words["port"], str(port)),
        (words["at"], f"{now.astimezone(VIETNAM):%H:%M:%S, %d/%m/%Y}"),
    )
    slots = {
        "qr": labelled_qr(slip, words["qr"]),
        "slip": escape(slip),
        "facts": "".join(f"<dt>{escape(name)}</dt><dd>{escape(cell)}</dd>" for name, cell in rows),
        "carriers": _carriers(words, slip, campaign),
    }
    return filled(frames["carrier_slip"], slots)


def _carriers(words: Mapping[str, str], slip: str, campaign: PageCampaign) -> str:
    if not campaign.carriers:
        return f"<p>{escape(words['no-carriers'])}</p>"
    links = "".join(
        f'<li><a class="button" href="{escape(address, quote=True)}?slip={quote(slip)}" '
        f'rel="noreferrer">{escape(words["ask"].format(name=name))}</a></li>'
        for name, address in campaign.carriers
    )
    return f'<ul class="plain">{links}</ul>'


def _key_id(key: PlaneKey) -> str:
    return hashlib.sha256(_public(key)).hexdigest()[:16]


def _public(key: PlaneKey) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(key.secret).public_key().public_bytes_raw()


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
