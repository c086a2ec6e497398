"""The page behind a one-time link."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quetsach_portal.rights import invitations
from quetsach_portal.rights.forms import AcceptForm
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.problems import Refused

if TYPE_CHECKING:
    from quetsach_portal.rights.models import Invitation


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Return the page of an invitation; POST takes it (by GET nothing happens: A7)."""
    invitation = invitations.invitation_by(token)
    if invitation is None:
        raise Http404
    if not invitation.is_open:
        return render(request, "rights/link_over.html", status=410)
    if invitation.user is None and invitations.account_of(invitation) is not None:
        return _for_account(request, invitation)
    form = AcceptForm(request.POST or None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        chosen = {key: form.cleaned_data.get(key, "") for key in ("name", "password")}
        if attempt(form, lambda: invitations.accept(invitation, **chosen)) is not None:
            messages.success(request, _("Your password is set. Sign in with it now."))
            return redirect("account_login")
    return render(request, "rights/accept.html", {"form": form, "invitation": invitation})


def _for_account(request: HttpRequest, invitation: "Invitation") -> HttpResponse:
    """Return the page for somebody who has an account and gets another role."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.email != invitation.email:
        return render(request, "rights/link_of_another.html", status=403)
    if request.method == "POST":
        try:
            invitations.accept(invitation, user=request.user)
            messages.success(request, _("You have the role now."))
        except Refused as refused:
            messages.error(request, refused.told)
        return redirect("home")
    return render(request, "rights/accept_role.html", {"invitation": invitation})
