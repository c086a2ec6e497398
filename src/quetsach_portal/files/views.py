"""Uploads in parts.

The parts go over plain HTTP, much as tus 1.0 has it: POST begins and answers with an address; HEAD
tells how much has arrived; PATCH with `Upload-Offset` adds; DELETE ends. The form that the upload
belongs to then names its id, and is answered like any other.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.files import actions, queries
from quetsach_portal.files.bodies import part_of, size_of
from quetsach_portal.files.permits import read_permit
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.files.request import Request

_STATUS = {
    "P126": 410,
    "P131": 404,
    "P135": 403,
    "P127": 409,
    "P129": 507,
    "P133": 429,
    "P136": 408,
}


@require_POST
def begin(request: Request) -> HttpResponse:
    """Begin an upload in parts; 201 with its address."""

    def act() -> HttpResponse:
        permit = read_permit(request.POST.get("permit", ""), request.user)
        upload = actions.begin_upload(
            name=request.POST.get("name", ""),
            size=size_of(request.POST.get("size", "")),
            sha256=request.POST.get("sha256", ""),
            purpose=permit.purpose,
            owner_path=permit.owner_path,
            actor=request.user,
        )
        address = reverse("files:part", args=[upload.pk])
        return JsonResponse(
            {"upload": str(upload.pk), "address": address},
            status=201,
            headers={"Location": address, "Upload-Offset": "0"},
        )

    return _answered(act)


@require_http_methods(["HEAD", "GET", "PATCH", "DELETE"])
def part(request: Request, upload_id: UUID) -> HttpResponse:
    """Tell how far an upload is, add to it, or end it."""

    def act() -> HttpResponse:
        if request.method == "DELETE":
            actions.end_upload(upload_id, actor=request.user)
            return HttpResponse(status=204)
        upload = queries.upload_of(request.user, upload_id)
        offset = upload.offset
        if request.method == "PATCH":
            told = size_of(request.headers.get("Upload-Offset", ""))
            content = part_of(request)
            offset = actions.append(upload_id, offset=told, content=content, actor=request.user)
        return HttpResponse(
            status=204 if request.method == "PATCH" else 200,
            headers={"Upload-Offset": str(offset), "Upload-Length": str(upload.length)},
        )

    return _answered(act)


def _answered(act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return act()
    except FileRefused as refused:
        problem = refused.problem
        told = {"code": problem.code, "what": problem.what(), "todo": problem.todo()}
        response = JsonResponse(told, status=_STATUS.get(problem.code, 422))
        if "offset" in problem.facts:
            response.headers["Upload-Offset"] = str(problem.facts["offset"])
        return response
