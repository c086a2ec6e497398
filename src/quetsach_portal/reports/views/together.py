"""Several reports are accepted with one act."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quetsach_portal.followup.pages import number_in
from quetsach_portal.reports import access, together
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def accept_together(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Show the reports without a finding and with full coverage, ticked, and accept the ticked."""
    slot = access.own_slot(request.scope, slot_id, *access.DECIDES)
    if request.method == "POST":
        numbers = map(number_in, request.POST.getlist("version")[: together.MOST])
        chosen = {number for number in numbers if number is not None}
        try:
            done = together.accept_together(slot, chosen, actor=request.user)
        except Refused as refused:
            messages.error(request, refused.told)
            return redirect("reports:accept_together", slot_id)
        words = ngettext(
            "%(count)s report is accepted.", "%(count)s reports are accepted.", done.accepted
        )
        if done.accepted:
            messages.success(request, words % {"count": done.accepted})
        for problem in done.refused:
            messages.warning(request, _("Not accepted: %(what)s") % {"what": problem})
        return redirect("reports:below", slot_id)
    rows = together.waiting_reports(slot)
    context = {
        "slot": slot,
        "ready": [row for row in rows if not row.why_alone],
        "alone": [row for row in rows if row.why_alone],
    }
    return render(request, "reports/together.html", context)
