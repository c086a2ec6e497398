"""Signing in by another system (OpenID Connect): what it says is believed only as it signed it.

allauth leaves out four checks that the standard asks for or allows to leave out: the signature of
the ID token, its `nonce`, the name of the system in its own description, and that both of its
answers tell of the same person. Source: OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; Discovery 4.3.
"""

import logging
import secrets
from collections.abc import Callable
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures with a public key. One with a shared secret would be that of whoever knows it."""

_DESCRIPTION = "/.well-known/"
NONCE = "nonce"


class AskingProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """Asks with a word that the answer has to repeat."""

    def get_oauth2_adapter(self, request: HttpRequest) -> "CheckedSystem":
        """Return what checks the system."""
        return CheckedSystem(request, self.app.provider_id)

    def redirect(self, request: HttpRequest, process: str, *ways: Any, **rest: Any) -> HttpResponse:
        """Lead to the other system."""
        nonce = secrets.token_urlsafe(16)
        asked = rest.pop("auth_params", None)
        rest["auth_params"] = {**(self.get_auth_params() if asked is None else asked), NONCE: nonce}
        rest[NONCE] = nonce
        answer: HttpResponse = super().redirect(request, process, *ways, **rest)
        return answer


class CheckedSystem(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """The other system, as far as it proves what it says."""

    def get_provider(self) -> AskingProvider:
        """Return the system that the operator named. Errors: SocialApp.DoesNotExist."""
        return AskingProvider(self.request, app=super().get_provider().app)

    @property
    def openid_config(self) -> Any:
        """Return what the system says of itself. Errors: OAuth2Error for another name."""
        description = super().openid_config
        named = str(self.get_provider().app.settings["server_url"]).partition(_DESCRIPTION)[0]
        if str(description.get("issuer", "")).rstrip("/") != named.rstrip("/"):
            raise OAuth2Error("the system calls itself by another name than the operator")
        return description

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **rest: Any) -> Any:
        """Return who signed in there. Errors: OAuth2Error."""
        if not rest["response"].get("id_token"):
            raise OAuth2Error("no ID token")
        login = super().complete_login(request, app, token, **rest)
        said = login.account.extra_data
        if (said.get("userinfo") or said["id_token"]).get("sub") != said["id_token"]["sub"]:
            raise OAuth2Error("both answers tell of different people")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=_key_of(id_token, jwt.PyJWKSet.from_dict(answer.json())),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError) as error:
            raise OAuth2Error("the ID token is not one of this system") from error
        return claims


def _key_of(id_token: str, keys: jwt.PyJWKSet) -> jwt.PyJWK:
    """Return the key that the token names, or the only one. Errors: InvalidTokenError."""
    kid = jwt.get_unverified_header(id_token).get("kid")
    fitting = [key for key in keys.keys if kid is None or key.key_id == kid]
    if len(fitting) != 1:
        raise jwt.InvalidTokenError("no key, or several")
    return fitting[0]


def refuse_other_answer(login: Any) -> None:
    """Accept an answer to the question that this browser was sent with. Errors: OAuth2Error."""
    asked = str(login.state.get(NONCE, ""))
    said = str(login.account.extra_data.get("id_token", {}).get(NONCE, ""))
    if not asked or not secrets.compare_digest(asked.encode(), said.encode()):
        raise OAuth2Error("the answer is to another question")


@login_not_required  # type: ignore[untyped-decorator]  # allauth has no types
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the other system, after a press of the button."""
    return _answered(request, provider_id, OAuth2LoginView.adapter_view)


@login_not_required  # type: ignore[untyped-decorator]  # allauth has no types
def sign_in_answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the way back from it."""
    return _answered(request, provider_id, OAuth2CallbackView.adapter_view)


def _answered(request: HttpRequest, provider_id: str, view: Callable[..., Any]) -> HttpResponse:
    system = CheckedSystem(request, provider_id)
    try:
        provider = system.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    try:
        answer: HttpResponse = view(system)(request)
    except (OAuth2Error, RequestException, ValueError) as error:
        log.warning("the other system did not answer as it should", extra={"why": str(error)[:200]})
        failed: HttpResponse = render_authentication_error(request, provider, exception=error)
        return failed
    return answer
