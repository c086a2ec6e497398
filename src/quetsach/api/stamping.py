"""A time-stamping authority (RFC 3161) asked over the network: its answer is checked at once.

pyHanko takes a second to load, so this module is imported where a stamp is asked for.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto.cms import ContentInfo
from asn1crypto.core import Sequence
from asn1crypto.tsp import PKIStatusInfo
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    FetchBounds,
    HttpClient,
    ServerAddress,
    parse_target,
)
from quetsach.signing.pades.revocation import WEAK
from quetsach.signing.pades.sign import UNREADABLE
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from asn1crypto.tsp import TimeStampReq, TimeStampResp

BOUNDS = FetchBounds(wait_s=15, request_s=30, largest=1024 * 1024)
"""A stamp has some thousand bytes and is there in a second."""

_HEADERS: Mapping[str, str] = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}
_GRANTED = ("granted", "granted_with_mods")
_MOST_SHOWN = 200


class TimestampResponse(Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """What an authority answers; one that refuses sends no stamp (RFC 3161, 2.4.2).

    asn1crypto's own class knows no answer without a stamp.
    """

    # A list, as asn1crypto changes it once.
    _fields = [  # noqa: RUF012
        ("status", PKIStatusInfo),
        ("time_stamp_token", ContentInfo, {"optional": True}),
    ]


class StampingAuthority(TimeStamper):
    """Asks the authority at `address` for stamps. Errors: E473 when it gives none that is good."""

    def __init__(self, address: ServerAddress, bounds: FetchBounds = BOUNDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko leaves it open
        self.address, self.bounds = address, bounds

    async def async_request_tsa_response(self, req: "TimeStampReq") -> "TimeStampResp":
        """Return what the authority answers, not yet judged."""
        client = HttpClient(self.address, _HEADERS, self.bounds)
        try:
            answer = client.post(self.address, req.dump())
        except QuetsachError as error:
            raise self._without(error.problem.what()) from error
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _HEADERS["Accept"]:
            raise self._without(_("its answer is not a time stamp"))
        answered = TimestampResponse.load(answer.body)
        status = answered["status"]
        if status["status"].native not in _GRANTED:
            why = "; ".join(status["status_string"].native or status["fail_info"].native or ())
            raise self._without(_("it refuses (%(why)s)") % {"why": plain(why[:_MOST_SHOWN])})
        return answered

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> ContentInfo:
        """Return a stamp that was made for just this digest and is whole."""

        def asked(algorithm: str) -> bytes:
            return message_digest if algorithm == md_algorithm else b""

        try:
            stamp = await super().async_timestamp(message_digest, md_algorithm)
            nobody = ValidationContext(trust_roots=[], allow_fetching=False, weak_hash_algos=WEAK)
            judged = await validate_tst_signed_data(stamp["content"], nobody, asked)
        except (TimestampRequestError, SignatureValidationError, *UNREADABLE) as error:
            raise self._without(_("its answer is no time stamp")) from error
        if not (judged["intact"] and judged["valid"]):
            raise self._without(_("its stamp was made for other content, or altered"))
        return stamp

    def _without(self, reason: str) -> QuetsachError:
        return QuetsachError("E473", str(self.address), reason=reason)


def stamping_authority(url: str) -> Any:
    """Return the authority that answers at `url`. Errors: E601 when that is no address."""
    try:
        return StampingAuthority(parse_target(url, plainly=True))
    except QuetsachError as error:
        raise QuetsachError("E601", "--tsa", reason=error.problem.facts["reason"]) from error


def stamp_of(digest: str, url: str) -> bytes:
    """Return a stamp on a SHA-256 (hex) by the authority at `url`, as a DER token.

    Errors: E473 when it gives none that is good; E601 when `url` is no address.
    """
    stamper: StampingAuthority = stamping_authority(url)
    stamp = asyncio.run(stamper.async_timestamp(bytes.fromhex(digest), "sha256"))
    return bytes(stamp.dump())


def stamped_at(token: bytes, digest: str, roots: Path | None) -> datetime:
    """Return the moment of a stamp (DER) on a SHA-256 (hex).

    Shapes: `roots` is a PEM file of certificates that are trusted to stamp; without it only the
    stamp's own signature is held against its content.
    Errors: E473 when it is none, is on other content, or comes from nobody in `roots`.
    """
    expected = bytes.fromhex(digest)

    def imprint(algorithm: str) -> bytes:
        return expected if algorithm == "sha256" else b""

    trusted = [] if roots is None else _certificates(roots)
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, weak_hash_algos=WEAK)
    try:
        content = ContentInfo.load(token)["content"]
        judged = asyncio.run(validate_tst_signed_data(content, context, imprint))
        moment: datetime = judged["timestamp"]
    except (SignatureValidationError, KeyError, *UNREADABLE) as error:
        raise QuetsachError("E473", "stamp", reason=_("its answer is no time stamp")) from error
    if not (judged["intact"] and judged["valid"]):
        raise QuetsachError("E473", "stamp", reason=_("it was made for other content, or altered"))
    if roots is not None and (judged["validation_path"] is None or judged["trust_problem_indic"]):
        raise QuetsachError("E473", str(roots), reason=_("nobody trusted there made it"))
    return moment


def _certificates(roots: Path) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder

    return list(load_certs_from_pemder([str(roots)]))  # type: ignore[no-untyped-call]
