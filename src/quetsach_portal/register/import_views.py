"""Pages of the import: upload a file, compare it with the register, save or discard it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.register import access, imports, queries
from quetsach_portal.register.forms import AreasForm, UploadForm
from quetsach_portal.register.imports import template_workbook
from quetsach_portal.units.areas.read import rows_of
from quetsach_portal.web.acts import attempt, run_and_show
from quetsach_portal.web.request import PortalRequest

SHOWN = 200
"""So many rows of each kind are shown; the numbers are of all."""


@require_http_methods(["GET", "POST"])
def load(request: PortalRequest) -> HttpResponse:
    """Ask for a register file, and read it."""
    top = access.loading_unit(request.scope)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = attempt(
            form, lambda: imports.take_file(file.read(), file.name, top, actor=request.user)
        )
        if kept is not None:
            return redirect("units:preview", kept.pk)
    context = {"form": form, "top": top, "uploads": queries.open_uploads(request.scope)[:10]}
    return render(request, "register/load.html", context)


@require_http_methods(["GET", "POST"])
def load_areas(request: PortalRequest) -> HttpResponse:
    """Ask for a part of the national tree, and make rows of it."""
    top = access.loading_unit(request.scope)
    form = AreasForm(request.POST or None, initial={"year": 2022})
    if request.method == "POST" and form.is_valid():
        year, area = form.cleaned_data["year"], form.cleaned_data["area"]
        rows = rows_of(year, area, top.code, itself=form.cleaned_data["itself"])
        name = f"{year}-{area}"
        kept = attempt(form, lambda: imports.take_rows(rows, name, top, actor=request.user))
        if kept is not None:
            return redirect("units:preview", kept.pk)
    return render(request, "register/areas.html", {"form": form, "top": top})


@require_safe
def preview_view(request: PortalRequest, upload_id: int) -> HttpResponse:
    """Return what saving a file would change."""
    upload = access.open_upload(request.scope, upload_id)
    comparison, hidden = imports.preview(upload)
    context = {
        "upload": upload,
        "found": comparison,
        "hidden": hidden,
        "problems": comparison.problems[:SHOWN],
        "new": comparison.new[:SHOWN],
        "changed": comparison.changed[:SHOWN],
        "missing": comparison.missing[:SHOWN],
    }
    return render(request, "register/preview.html", context)


@require_POST
def confirm_view(request: PortalRequest, upload_id: int) -> HttpResponse:
    """Save a file, all of it or its green rows."""
    upload = access.open_upload(request.scope, upload_id)
    green = request.POST.get("what") == "green"
    shown_digest = request.POST.get("seen", "")[:64]
    day = timezone.localdate()
    is_done = run_and_show(
        request,
        lambda: imports.confirm(
            upload, shown_digest=shown_digest, green_rows_only=green, day=day, actor=request.user
        ),
    )
    return redirect("units:index") if is_done else redirect("units:preview", upload.pk)


@require_POST
def drop_view(request: PortalRequest, upload_id: int) -> HttpResponse:
    """Throw a file away."""
    upload = access.open_upload(request.scope, upload_id)
    imports.drop(upload, actor=request.user)
    return redirect("units:load")


@require_safe
def template(request: PortalRequest) -> HttpResponse:
    """Return an empty register to fill in."""
    if not access.may_load(request.scope):
        raise PermissionDenied
    response = HttpResponse(
        template_workbook(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = 'attachment; filename="danh-sach-don-vi.xlsx"'
    return response
