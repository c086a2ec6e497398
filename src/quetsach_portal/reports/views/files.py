"""The figures of a report as files for other programs, with differences to the last phase."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from quetsach_portal.reports import access, queries, total_files
from quetsach_portal.rights.request import Request
from quetsach_portal.web.table_files import as_file


@require_safe
def total(request: Request, slot_id: int, kind: str) -> HttpResponse:
    """Return what a draft adds up to today."""
    slot = access.own_slot(request.scope, slot_id, *access.ADDS_UP)
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    return as_file(total_files.of_draft(slot, draft), total_files.name_of(slot), kind)


@require_safe
def version(request: Request, version_id: int, kind: str) -> HttpResponse:
    """Return what a version says."""
    version = access.seen_version(request.scope, version_id)
    name = f"{total_files.name_of(version.slot)}-ban-{version.n}"
    return as_file(total_files.of_version(version), name, kind)
