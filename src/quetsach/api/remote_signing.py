"""Sign a PDF with a key that a trust service keeps, over the CSC API, at an allowed host."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from quetsach.api.feeds import AllowedHosts
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    Credentials,
    FetchBounds,
    HttpClient,
    ServerAddress,
    parse_target,
)
from quetsach.signing.pades import remote
from quetsach.signing.pades.remote import CscVersion, OneTimeCode, RemoteKey, SignerCodes
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.texts import _, plain

__all__ = ["CscVersion", "OneTimeCode", "RemoteKey", "RemoteService", "SignerCodes", "sign"]

BOUNDS = FetchBounds(wait_s=60.0, request_s=90.0, largest=1024 * 1024)
"""A service may wait for the signer's nod on a phone; its answers are small."""

LISTING_S = 60.0
"""So long the list of a user's keys may take, with all that is asked about each; no phone waits."""

_EDITIONS = tuple(version.value for version in CscVersion)
_MOST_SHOWN = 200


@dataclass(frozen=True)
class RemoteService:
    """A signing service: its base address, which ends in /csc/v1 or /csc/v2, and its token."""

    url: str
    allowed: AllowedHosts
    token: str = field(default="", repr=False)
    ca_file: Path | None = None
    bounds: FetchBounds = BOUNDS
    listing_s: float = LISTING_S

    @property
    def version(self) -> CscVersion:
        """Return the edition of the API. Errors: E601 for an address that names none."""
        return CscVersion(self._base().path.rpartition("/")[2])

    def credentials(self, user_id: str) -> tuple[RemoteKey, ...]:
        """Return the keys of a user that can sign now.

        Errors: E476 where none can, or when the service takes longer than `listing_s` for all.
        """
        keys, reasons, end = [], [], monotonic() + self.listing_s
        for credential_id in remote.credentials_of(self._until(end)._ask, user_id):
            bounded = self._until(end)
            try:
                keys.append(remote.key_of(bounded._ask, credential_id, self.version))
            except QuetsachError as error:
                reasons.append(error)
        if not keys and reasons:
            raise reasons[0]
        return tuple(keys)

    def key(self, credential_id: str) -> RemoteKey:
        """Return the key with that id. Errors: E476."""
        return remote.key_of(self._ask, credential_id, self.version)

    def send_code(self, credential_id: str) -> None:
        """Let the service send a code for one time to the signer. Errors: E476."""
        remote.send_code(self._ask, credential_id, self.version)

    def _until(self, end: float) -> "RemoteService":
        """Return the service with what is left until `end`. Errors: E476 for nothing."""
        seconds = end - monotonic()
        if seconds <= 0:
            raise remote.refused(_("it took too long to list the certificates"))
        wait_s, request_s = (
            min(seconds, most) for most in (self.bounds.wait_s, self.bounds.request_s)
        )
        return replace(self, bounds=replace(self.bounds, wait_s=wait_s, request_s=request_s))

    def _base(self) -> ServerAddress:
        base = parse_target(self.url.rstrip("/"))
        if base.path.rpartition("/")[2] not in _EDITIONS:
            raise QuetsachError("E601", self.url, reason=_("it ends in neither /v1 nor /v2"))
        if not self.allowed.allows(base.host):
            raise remote.refused(_("this host is not allowed here"))
        return base

    def _ask(self, method: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        base = self._base()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= Credentials(token=self.token).header("Bearer")
        client = HttpClient(
            base, headers, self.bounds, ca_file=self.ca_file, admits=self.allowed.admits
        )
        target = base.at(f"{base.path}/{method}")
        try:
            status, reply = client.ask("POST", target, json.dumps(message).encode())
        except QuetsachError as error:
            raise remote.refused(error.problem.what()) from error
        answer = _object(reply.body)
        if status not in (200, 204):
            raise remote.refused(_why(status, answer))
        return answer


def sign(
    pdf: bytes,
    service: RemoteService,
    key: RemoteKey,
    codes: SignerCodes,
    purpose: SignaturePurpose | None = None,
) -> bytes:
    """Return the PDF with one more signature, by a key at `service`; nothing else leaves.

    Errors: E470 for the PDF; E476 when the service does not sign.
    """
    signer = remote.remote_signer(service._ask, key, codes, service.version)
    return sign_pdf(pdf, signer, SignaturePurpose() if purpose is None else purpose)


def _object(body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _why(status: int, answer: Mapping[str, Any]) -> str:
    """Return why the service refuses, in its own words where they are not of ours."""
    code = plain(str(answer.get("error", ""))[:_MOST_SHOWN])
    if code in ("invalid_pin", "invalid_otp"):
        return _("the PIN or the code is wrong, or too old")
    if status in (401, 403):
        return _("the service does not let the portal in; its operator renews the token")
    said = plain(str(answer.get("error_description", ""))[:_MOST_SHOWN])
    return " ".join(filter(None, (f"HTTP {status}", code, said)))
