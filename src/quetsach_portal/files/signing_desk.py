"""The desk of a signer, for letters and reports alike: read the pages, then sign in one of 3 ways.

A private key never comes here: it stays on the signer's PC or token, or with a trust service.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.remote_signing import OneTimeCode, RemoteKey, SignerCodes
from quetsach_portal.audit.record import record
from quetsach_portal.files import remote_signing
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.page_pictures import page_count, page_picture
from quetsach_portal.files.storage import path_of
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.folding import folded
from quetsach_public.limits import PaceLimits

LONGEST_ID = 200
LONGEST_CODE = 64
TRIES_AN_HOUR = 20
FINDS_AN_HOUR = 30

_of_account = PaceLimits(TRIES_AN_HOUR / 3600, TRIES_AN_HOUR)
_finds_of_account = PaceLimits(FINDS_AN_HOUR / 3600, FINDS_AN_HOUR)
"""Of an account that asks which certificates a user name has, whoever's it is."""

_of_user_id = PaceLimits(TRIES_AN_HOUR / 3600, TRIES_AN_HOUR)
"""Of a user name at the service, whoever types it: codes to a phone and tries of a PIN."""


class SignedFileForm(forms.Form):
    """The PDF that was signed on the signer's own PC."""

    file = forms.FileField(
        label=_lazy("Signed PDF"),
        help_text=_lazy("The PDF from this page with the signature in it, never the key."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


class RemoteSignatureForm(forms.Form):
    """Who signs at the remote service, by which certificate, and what releases its key."""

    user_id = forms.CharField(
        label=_lazy("Your user name at the signing service"), max_length=LONGEST_ID
    )
    credential = forms.CharField(required=False, max_length=LONGEST_ID)
    pin = forms.CharField(
        label=_lazy("PIN of your certificate"),
        required=False,
        max_length=LONGEST_CODE,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    otp = forms.CharField(
        label=_lazy("Code for one time"),
        required=False,
        max_length=LONGEST_CODE,
        widget=forms.PasswordInput(attrs={"autocomplete": "one-time-code"}),
    )


@dataclass(frozen=True)
class RemoteStep:
    """How far a remote signature is: the form, the keys that the service named, what it said."""

    form: RemoteSignatureForm
    keys: Sequence[RemoteKey] = field(default_factory=tuple)
    code_is_sent: bool = False

    @property
    def needs_pin(self) -> bool:
        """Whether one of the keys is released by a PIN."""
        return any(key.needs_pin for key in self.keys)

    @property
    def needs_code(self) -> bool:
        """Whether one of the keys is released by a code for one time."""
        return any(key.one_time_code is not OneTimeCode.NONE for key in self.keys)

    @property
    def sends_code(self) -> bool:
        """Whether the service sends that code when it is asked to."""
        return any(key.one_time_code is OneTimeCode.ONLINE for key in self.keys)


def has_remote_signing() -> bool:
    """Return whether the operator set up a remote signing service."""
    return remote_signing.service() is not None


def pages_of(stored: StoredFile | None) -> range:
    """Return the numbers of the pages that are shown as pictures."""
    return range(1, 1 if stored is None else page_count(stored) + 1)


def picture_response(stored: StoredFile, number: int) -> HttpResponse | None:
    """Return the response with a page as PNG, None where there is no such page."""
    picture = page_picture(stored, number)
    if picture is None:
        return None
    response = HttpResponse(picture, content_type="image/png")
    # A file never changes under its id, but who may see it does.
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def remote_step(
    request: HttpRequest,
    stored: StoredFile,
    store: Callable[["UploadedFile[bytes]"], object],
) -> RemoteStep | None:
    """Take the next step of a remote signature of `stored`; None once the signed PDF is stored.

    `store` keeps the signed PDF. What the service refuses stands in the form of the answer, and
    in the trail where it was asked for a code or a signature.
    """
    form = RemoteSignatureForm(request.POST or None)
    if not form.is_valid():
        return RemoteStep(form)
    act = request.POST.get("act", "find")
    keys: Sequence[RemoteKey] = ()
    if not _is_in_pace(request, act, form.cleaned_data["user_id"]):
        form.add_error(None, _("Too many attempts in a short time. Try again in an hour."))
        return RemoteStep(form)
    try:
        keys = remote_signing.keys_of(form.cleaned_data["user_id"])
        if act == "find":
            return RemoteStep(form, keys)
        chosen = form.cleaned_data["credential"]
        if chosen not in [key.credential_id for key in keys]:
            raise Refused(_("Choose one of your certificates."))
        if act == "code":
            remote_signing.send_code(chosen)
            _note("letter.remote_code", request, stored)
            return RemoteStep(form, keys, code_is_sent=True)
        codes = SignerCodes(form.cleaned_data["pin"], form.cleaned_data["otp"])
        signed = remote_signing.signed(path_of(stored).read_bytes(), chosen, codes)
        store(SimpleUploadedFile(f"da-ky-{stored.sha256[:8]}.pdf", signed))
    except Refused as refused:
        if act != "find":
            _note("letter.remote_refused", request, stored)
        form.add_error(refused.field if refused.field in form.fields else None, refused.told)
        return RemoteStep(form, keys)
    return None


def _is_in_pace(request: HttpRequest, act: str, user_id: str) -> bool:
    """Count a try; return whether the account and the user name at the service may have it."""
    if act == "find":
        return _finds_of_account.within(hash(request.user.pk))
    by_account = _of_account.within(hash(request.user.pk))
    return by_account and _of_user_id.within(hash(folded(user_id)))


def _note(action: str, request: HttpRequest, stored: StoredFile) -> None:
    """Record what was asked of the service; the user name there may be a telephone number."""
    chosen = request.POST.get("credential", "")[:LONGEST_ID]
    with transaction.atomic():
        record(
            action,
            actor=request.user,
            kind="file",
            object_id=stored.pk,
            detail={"credential": chosen, "act": request.POST.get("act", "")[:20]},
            unit_path=stored.owner_path,
        )
