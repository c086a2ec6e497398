"""The remote signing service of this portal: off unless its operator names one and allows it."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from quetsach.api.feeds import AllowedHosts
from quetsach.api.problems import QuetsachError
from quetsach.api.remote_signing import RemoteKey, RemoteService, SignerCodes, sign
from quetsach_portal.web.acts import Refused

LONGEST_SECRET = 4096


def service() -> RemoteService | None:
    """Return the signing service that the operator configured, None where there is none."""
    surroundings = settings.QUETSACH
    if not surroundings.signing_url or not surroundings.signing_hosts:
        return None
    allowed = AllowedHosts.named(surroundings.signing_hosts)
    return RemoteService(surroundings.signing_url, allowed, _token(surroundings.signing_url))


def keys_of(user_id: str) -> tuple[RemoteKey, ...]:
    """Return the keys that a person has at the service. Errors: Refused, with what it said."""
    try:
        keys = _configured().credentials(user_id)
    except QuetsachError as error:
        raise Refused(str(error)) from error
    if not keys:
        raise Refused(_("The service knows no certificate of this user."), field="user_id")
    return keys


def send_code(credential_id: str) -> None:
    """Let the service send a code for one time to the signer's phone. Errors: Refused."""
    try:
        _configured().send_code(credential_id)
    except QuetsachError as error:
        raise Refused(str(error)) from error


def signed(pdf: bytes, credential_id: str, codes: SignerCodes) -> bytes:
    """Return the PDF with a signature by a key at the service. Errors: Refused.

    Cost: as long as the service takes; call it outside of any transaction.
    """
    remote = _configured()
    try:
        return sign(pdf, remote, remote.key(credential_id), codes)
    except QuetsachError as error:
        raise Refused(str(error)) from error


def _configured() -> RemoteService:
    remote = service()
    if remote is None:
        raise Refused(_("Remote signing is not set up on this portal."))
    return remote


def _token(url: str) -> str:
    """Return the token that the operator put into a file for the host of `url`, "" without one."""
    place = Path(settings.QUETSACH.home) / "signing-secrets" / (urlsplit(url).hostname or "none")
    if not place.is_file():
        return ""
    with place.open(encoding="utf-8") as file:
        return file.read(LONGEST_SECRET + 1).strip()
