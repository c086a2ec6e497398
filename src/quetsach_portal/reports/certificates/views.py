"""Views of certificates: list, register, confirm, end."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.reports.certificates import actions
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest


class RegisterForm(forms.Form):
    """A certificate without its key, and for which desk."""

    unit = forms.ChoiceField(label=_lazy("Unit in which you sign or seal"))
    file = forms.FileField(
        label=_lazy("File of the certificate"),
        help_text=_lazy(
            "A .cer, .crt or .pem file, exported by the program of your signing device "
            "without the key."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".cer,.crt,.pem,.der"}),
    )

    def __init__(self, *args: Any, units: Sequence[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(unit.pk): unit for unit in units}
        choices = [(key, unit.name) for key, unit in self._units.items()]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def chosen(self) -> OrgUnit:
        """Return the unit of the desk."""
        return self._units[self.cleaned_data["unit"]]

    def content(self) -> bytes:
        """Return the file, cut where it is longer than any certificate."""
        return bytes(self.cleaned_data["file"].read(actions.MOST_BYTES + 1))


class EndForm(forms.Form):
    """Why a registration ends."""

    why = forms.CharField(
        label=_lazy("Why"),
        max_length=300,
        help_text=_lazy("Such as: the signing device was lost, the person left the unit."),
    )


PAGE = ["GET", "HEAD", "POST"]


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the own certificates, and those of others that the user may confirm or end."""
    page = actions.certificates_page(request.scope)
    return render(request, "reports/certificates/index.html", {"page": page})


@require_http_methods(PAGE)
@confirmed_recently
def register(request: PortalRequest) -> HttpResponse:
    """Register the certificate with which the user signs."""
    units = actions.desks(request.scope)
    first = {"unit": str(units[0].pk)}
    form = RegisterForm(request.POST or None, request.FILES or None, units=units, initial=first)
    if succeeds(form, lambda: actions.register(form.chosen(), form.content(), actor=request.user)):
        messages.success(
            request, _("Registered; it is in force after another person has confirmed it.")
        )
        return redirect("certificates:index")
    return render(request, "reports/certificates/register.html", {"form": form})


@require_http_methods(PAGE)
@confirmed_recently
def confirm(request: PortalRequest, certificate_id: int) -> HttpResponse:
    """Vouch that a certificate is its holder's, after the fingerprints were compared."""
    certificate = actions.to_confirm(request.scope, certificate_id)
    if request.method == "POST":
        run_with_message(
            request,
            lambda: actions.confirm(certificate, actor=request.user),
            _("The certificate is now in force."),
        )
        return redirect("certificates:index")
    return render(request, "reports/certificates/confirm.html", {"one": certificate})


@require_http_methods(PAGE)
def end(request: PortalRequest, certificate_id: int) -> HttpResponse:
    """End a registration, with a reason."""
    certificate = actions.to_end(request.scope, certificate_id)
    form = EndForm(request.POST or None)
    if succeeds(
        form, lambda: actions.end(certificate, form.cleaned_data["why"], actor=request.user)
    ):
        messages.success(request, _("The registration has ended."))
        return redirect("certificates:index")
    return render(request, "reports/certificates/end.html", {"form": form, "one": certificate})
