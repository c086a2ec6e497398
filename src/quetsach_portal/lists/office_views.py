"""Acts on what is held back: holds on rows, and rows that the office vouches for."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quetsach_portal.lists import access, holding, office, queries
from quetsach_portal.lists.forms import HoldForm, OfficeRowsForm
from quetsach_portal.lists.views import back_to, show_gate, show_step
from quetsach_portal.web.acts import run_and_show, run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest


@require_POST
def hold(request: PortalRequest, campaign_id: int, n: int) -> HttpResponse:
    """Put a row of the version in force on hold, or all that it brought."""
    version = access.worked_version(request.scope, campaign_id, n)
    form = HoldForm(request.POST, auto_id="hold_%s")
    if succeeds(
        form,
        lambda: holding.hold(
            version,
            form.cleaned_data["key"],
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            actor=request.user,
        ),
    ):
        return back_to(request, campaign_id, n)
    return show_gate(request, version, hold_form=form)


@require_POST
def settle(request: PortalRequest, campaign_id: int, hold_id: int) -> HttpResponse:
    """Confirm a hold, or lift it."""
    record = access.worked_hold(request.scope, campaign_id, hold_id)
    access.owners_only(request.scope, record.version.campaign)
    confirms = request.POST.get("act") == "confirm"
    done = _("The hold is confirmed.") if confirms else _("The hold is lifted.")
    run_with_message(
        request, lambda: holding.settle(record, confirms=confirms, actor=request.user), done
    )
    return back_to(request, campaign_id)


@require_POST
def add_rows(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Add rows that the office vouches for; a second person approves them."""
    campaign = access.worked_campaign(request.scope, campaign_id)
    form = OfficeRowsForm(request.POST, request.FILES, auto_id="office_%s")

    def added() -> object:
        upload = form.cleaned_data["upload"]
        texts = form.cleaned_data["rows"].encode()
        if upload is not None:
            texts += b"\n" + upload.read(office.MOST_BYTES + 1)
        return office.add(
            campaign,
            office.lines_in(texts),
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )

    if succeeds(form, added):
        return back_to(request, campaign_id)
    version = queries.worked_on(campaign)
    if version is None:
        return show_step(request, campaign, {"office_form": form}, 422)
    return show_gate(request, version, office_form=form)


@require_POST
def approve_rows(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Let those rows take effect that were shown: what others added, or asked to end."""
    campaign = access.worked_campaign(request.scope, campaign_id)
    access.owners_only(request.scope, campaign)

    def approved() -> str:
        shown = request.POST.get("rows", "").split()
        count = office.approve(campaign, shown, actor=request.user)
        text = ngettext("%(count)s row was approved.", "%(count)s rows were approved.", count)
        return text % {"count": count}

    run_and_show(request, approved)
    return back_to(request, campaign_id)


@require_POST
def end_row(request: PortalRequest, campaign_id: int, row_id: int) -> HttpResponse:
    """Ask that a row of the office goes."""
    record = access.worked_office_row(request.scope, campaign_id, row_id)
    run_with_message(request, lambda: office.end(record, actor=request.user))
    return back_to(request, campaign_id)
