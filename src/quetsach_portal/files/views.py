"""Uploads in parts.

The parts go over plain HTTP, much as tus 1.0 has it: POST begins and answers with an address; HEAD
tells how much has arrived; PATCH with `Upload-Offset` adds; DELETE ends. The form that the upload
belongs to then names its id, and is answered like any other.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.files import actions, storage
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.files.kinds import RULES, FileRules, size_text
from quetsach_portal.files.problems import FileProblem, FileRefused
from quetsach_portal.files.receiving import part_of, size_of
from quetsach_portal.files.uploads import permit_for, read_permit
from quetsach_portal.people.models.account import User
from quetsach_portal.web.request import PortalRequest

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
def begin(request: PortalRequest) -> HttpResponse:
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
def part(request: PortalRequest, upload_id: UUID) -> HttpResponse:
    """Return the progress of an upload, append to it, or cancel it."""

    def act() -> HttpResponse:
        if request.method == "DELETE":
            actions.end_upload(upload_id, actor=request.user)
            return HttpResponse(status=204)
        upload = storage.upload_of(request.user, upload_id)
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


# A form with a file chooser, which also takes uploads in parts.


class FileFieldForm(forms.Form):
    """One file for one purpose; an app's own form inherits from this and adds its fields.

    Shapes: `given()` is what `files.actions.accept_upload` takes.
    """

    file = forms.FileField(required=False, widget=forms.FileInput)
    upload = forms.UUIDField(required=False, widget=forms.HiddenInput)
    must_bring_file = True

    def __init__(self, *args: Any, purpose: str, owner_path: str, user: User, **named: Any) -> None:
        super().__init__(*args, **named)
        rules = RULES[purpose]
        self.fields["file"].label = _("File")
        self.fields["file"].help_text = hint(rules)
        self.fields["file"].widget.attrs |= {
            "data-upload-to": reverse("files:begin"),
            "data-upload-permit": permit_for(user, purpose=purpose, owner_path=owner_path),
            "data-upload-said": _("%(percent)s %% uploaded") % {"percent": "%p"},
            "data-upload-waits": _("The connection was lost. Trying again …"),
        }
        if rules.exact:
            self.fields["file"].widget.attrs["accept"] = ",".join(rules.endings())

    def clean(self) -> dict[str, Any]:
        """Return the cleaned fields. Errors: P130 when neither a file nor an upload came."""
        cleaned = super().clean() or {}
        nothing = cleaned.get("file") is None and cleaned.get("upload") is None
        if self.must_bring_file and nothing and not self.errors:
            self.add_error("file", FileRefused("P130").told)
        return cleaned

    def given(self) -> FileUpload:
        """Return what came: a file in one piece or an upload in parts."""
        return FileUpload(self.cleaned_data.get("file"), self.cleaned_data.get("upload"))


def hint(rules: FileRules) -> str:
    """Return which files are taken, for the person who chooses one."""
    return FileProblem(
        "P145", "", {"kinds": rules.titles(), "limit": size_text(rules.max_bytes)}
    ).what()
