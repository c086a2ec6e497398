"""Pages of the people of a unit and their roles."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.people import actions as people
from quetsach_portal.people.roles import access, actions, invitations, queries
from quetsach_portal.people.roles.access import DELEGABLE, may_give
from quetsach_portal.people.roles.forms import AcceptForm, InviteForm, LendForm
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

if TYPE_CHECKING:
    from quetsach_portal.people.models.roles import Invitation


page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return who has which role in one's own unit; with several units, the list of them."""
    units = queries.own_units(request.scope)
    if len(units) == 1:
        return unit(request, units[0].pk)
    return render(request, "rights/index.html", {"units": units})


@require_safe
def unit(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return who has which role in one unit, and the units below it."""
    there = access.unit_with_people(request.scope, unit_id)
    people = queries.people_of(request.scope, there)
    units = queries.units_below(request.scope, there)
    table = long_table(units, request, queries.UNITS_BELOW)
    can_lend = bool(access.own_seats(request.scope, *DELEGABLE))
    context = {"people": people, "table": table, "page": table.page, "can_lend": can_lend}
    return render(request, "rights/unit.html", context)


@page_with_form
@confirmed_recently
def invite(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the form of an invitation; POST sends it and shows its link once."""
    there = access.unit_to_invite_to(request.scope, unit_id)
    form = InviteForm(request.POST or None, roles=may_give(request.scope, there))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: invitations.invite(unit=there, actor=request.user, **form.cleaned_data)
        )
        if done is not None:
            return _link_page(request, done)
    return render(request, "rights/invite.html", {"form": form, "unit": there})


@require_POST
@confirmed_recently
def resend_invitation(request: PortalRequest, invitation_id: int) -> HttpResponse:
    """Send a new link and show it once."""
    invitation = access.invitation_for(request.scope, invitation_id)
    try:
        return _link_page(request, invitations.resend(invitation, actor=request.user))
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("rights:unit", invitation.unit_id)


@require_POST
def withdraw(request: PortalRequest, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = access.invitation_for(request.scope, invitation_id)
    try:
        invitations.withdraw(invitation, actor=request.user)
        messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    except Refused as refused:
        messages.error(request, refused.told)
    return redirect("rights:unit", invitation.unit_id)


@page_with_form
@confirmed_recently
def end(request: PortalRequest, assignment_id: int) -> HttpResponse:
    """Return the question whether to end a role; POST ends it."""
    assignment = access.assignment_to_end(request.scope, assignment_id)
    if request.method != "POST":
        return render(request, "rights/end.html", {"assignment": assignment})
    try:
        actions.end(assignment, actor=request.user)
        messages.success(request, _("The role has ended."))
    except Refused as refused:
        messages.error(request, refused.told)
    if assignment.user_id == request.user.pk:
        return redirect("home")
    return redirect("rights:unit", assignment.unit_id)


@page_with_form
@confirmed_recently
def hand_over(request: PortalRequest) -> HttpResponse:
    """Return the form by which somebody acts for oneself for a while; POST hands over."""
    seats = access.seats_to_lend(request.scope)
    units = {seat.unit_id: seat.unit for seat in seats}.values()
    by_unit = [(unit, actions.people_in(unit, but=request.user)) for unit in units]
    form = LendForm(request.POST or None, seats=seats, people=by_unit)
    if request.method == "POST" and form.is_valid():
        asked = form.picked()
        if attempt(form, lambda: actions.lend(actor=request.user, **asked)) is not None:
            messages.success(request, _("Handed over."))
            return redirect("rights:unit", asked["seat"].unit_id)
    return render(request, "rights/hand_over.html", {"form": form})


@require_safe
def person(request: PortalRequest, user_id: int) -> HttpResponse:
    """Return an account as shown to the person who manages it."""
    user = access.person_to_manage(request.scope, user_id)
    decides = access.owns_office_of(request.scope, user)
    context = {"person": queries.person(user), "decides_erasure": decides}
    return render(request, "rights/person.html", context)


@page_with_form
@confirmed_recently
def person_act(request: PortalRequest, user_id: int, act: str) -> HttpResponse:
    """Return the question whether to do `act` with an account; POST does it."""
    user = access.person_to_manage(request.scope, user_id)
    if request.method != "POST":
        return render(request, "rights/person_act.html", {"person": user, "act": act})
    try:
        return _PERSON_ACTS[act](request, user)
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("rights:person", user.pk)


def _new_link(request: PortalRequest, user: Any) -> HttpResponse:
    there = queries.unit_of_first_seat(user)
    done = invitations.link_to_account(user=user, unit=there, actor=request.user)
    return _link_page(request, done)


def _switch_off(request: PortalRequest, user: Any) -> HttpResponse:
    people.disable(user, actor=request.user, unit_path=queries.unit_of_first_seat(user).path)
    messages.success(request, _("The account is disabled and signed out everywhere."))
    return redirect("rights:person", user.pk)


def _switch_on(request: PortalRequest, user: Any) -> HttpResponse:
    people.enable(user, actor=request.user, unit_path=queries.unit_of_first_seat(user).path)
    messages.success(request, _("The account is enabled."))
    return redirect("rights:person", user.pk)


def _drop_factors(request: PortalRequest, user: Any) -> HttpResponse:
    path = queries.unit_of_first_seat(user).path
    actions.drop_factors(user, actor=request.user, unit_path=path)
    messages.success(
        request, _("The second factors are removed; the next sign-in asks for new ones.")
    )
    return redirect("rights:person", user.pk)


_PERSON_ACTS = {"link": _new_link, "off": _switch_off, "on": _switch_on, "factors": _drop_factors}


def _link_page(request: PortalRequest, done: invitations.NewInvitation) -> HttpResponse:
    # In the answer itself and never by a second address: the link is shown this once.
    return render(request, "rights/link.html", {"done": done})


# The page behind a one-time link.


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
