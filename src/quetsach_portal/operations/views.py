"""Pages: the trail, its export, the jobs."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from quetsach_portal.audit.record import json_lines
from quetsach_portal.operations import trail as operations_trail
from quetsach_portal.operations.act_names import AREAS
from quetsach_portal.operations.backup.proving import state_of_backups
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.days import DayField
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

# What to look for in the trail.


class TrailFilter(forms.Form):
    """All of it may be left out."""

    action = forms.ChoiceField(label=_lazy("Act"), required=False)
    actor = forms.CharField(label=_lazy("Who"), required=False, max_length=80)
    since = DayField(
        label=_lazy("Since"),
        required=False,
        example=False,
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["action"].choices = list(_acts())  # type: ignore[attr-defined]  # a ChoiceField


def _acts() -> Iterator[tuple[str, Any]]:
    """Return all acts by area, and each area as a whole."""
    yield "", _("All acts")
    for number, (area, acts) in enumerate(AREAS):
        every = (f"area-{number}", _("%(area)s: all") % {"area": area})
        yield str(area), [every, *((act, str(word)) for act, word in acts.items())]


@require_safe
def trail(request: PortalRequest) -> HttpResponse:
    """Return the acts that the person may read about."""
    form = TrailFilter(request.GET)
    events = operations_trail.events_of(request.scope)
    rows = operations_trail.narrowed(events, form.cleaned_data if form.is_valid() else {})
    table = long_table(rows, request, operations_trail.TRAIL)
    shown = operations_trail.describe_events(table.page.rows)
    given = {"form": form, "table": table, "page": table.page, "rows": shown}
    return render(request, "oversight/trail.html", given)


@require_safe
def export(request: PortalRequest) -> StreamingHttpResponse:
    """Return the same rows as JSON lines, with their digests."""
    lines = json_lines(operations_trail.events_of(request.scope))
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
    return response


@require_safe
def jobs(request: PortalRequest) -> HttpResponse:
    """Return the background jobs that the person may see."""
    mine = operations_trail.jobs_of(request.scope)
    table = long_table(mine.order_by("-pk"), request, operations_trail.JOBS)
    return render(
        request,
        "oversight/jobs.html",
        {
            "table": table,
            "page": table.page,
            "failed": operations_trail.failed(mine),
            "mails": operations_trail.unsent_mails(request.scope),
            "backups": state_of_backups() if request.scope.has_role(Role.OPERATOR) else None,
        },
    )


@require_POST
def repeat(request: PortalRequest, job_id: int) -> HttpResponse:
    """Start a failed job again."""
    job = operations_trail.job_to_repeat(request.scope, job_id)
    try:
        operations_trail.repeat_job(job, actor=request.user)
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("oversight:jobs")
