"""Pages of certificates: one's own, those to vouch for, registering and ending one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.reports.certificates import access, acts, queries
from quetsach_portal.reports.certificates.forms import EndForm, RegisterForm
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.telling import told_or_refused

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def index(request: Request) -> HttpResponse:
    """Return one's own certificates, and those of others that one may vouch for or end."""
    page = queries.certificates_page(request.scope)
    return render(request, "reports/certificates/index.html", {"page": page})


@require_http_methods(PAGE)
@confirmed_recently
def register(request: Request) -> HttpResponse:
    """Register the certificate one signs with."""
    units = access.desks(request.scope)
    first = {"unit": str(units[0].pk)}
    form = RegisterForm(request.POST or None, request.FILES or None, units=units, initial=first)
    if succeeds(
        form,
        lambda: acts.register(
            form.chosen(), form.cleaned_data["file"].read(acts.MOST_BYTES + 1), actor=request.user
        ),
    ):
        messages.success(request, _("Registered; it holds once somebody else has confirmed it."))
        return redirect("certificates:index")
    return render(request, "reports/certificates/register.html", {"form": form})


@require_http_methods(PAGE)
@confirmed_recently
def confirm(request: Request, certificate_id: int) -> HttpResponse:
    """Vouch that a certificate is its holder's, after the fingerprints were compared."""
    one = access.to_confirm(request.scope, certificate_id)
    if request.method == "POST":
        told_or_refused(
            request, lambda: acts.confirm(one, actor=request.user), _("The certificate holds now.")
        )
        return redirect("certificates:index")
    return render(request, "reports/certificates/confirm.html", {"one": one})


@require_http_methods(PAGE)
def end(request: Request, certificate_id: int) -> HttpResponse:
    """End a registration, with a reason."""
    one = access.to_end(request.scope, certificate_id)
    form = EndForm(request.POST or None)
    if succeeds(form, lambda: acts.end(one, form.cleaned_data["why"], actor=request.user)):
        messages.success(request, _("The registration has ended."))
        return redirect("certificates:index")
    return render(request, "reports/certificates/end.html", {"form": form, "one": one})
