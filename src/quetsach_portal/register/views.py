"""Pages of the register: the tree, a unit, its contacts, desks and head counts; the import."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.people.roles.scope import SEES_SUBTREE, unit_for, units_of
from quetsach_portal.register import access, actions, imports, queries, shapes
from quetsach_portal.register.forms import (
    AreasForm,
    ContactForm,
    DesksForm,
    HeadcountForm,
    ShapesForm,
    UploadForm,
    numbers,
)
from quetsach_portal.units.areas.read import rows_of
from quetsach_portal.units.searching import suggestions
from quetsach_portal.units.unit_fields import offer_units
from quetsach_portal.web.acts import attempt, run_and_show, succeeds
from quetsach_portal.web.paging import key_page_of, page_of
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import around, is_narrowed, is_sorted, long_table


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the tree, or what a search finds in it."""
    words = request.GET.get("q", "")[:100]
    opened = numbers(request.GET.get("open", ""))
    table = None
    if words:
        table = long_table(queries.search(request.scope, words), request, queries.UNITS)
    page = page_of(queries.roots_of(request.scope), request) if table is None else table.page
    if not words and not opened:
        opened = [unit.pk for unit in page.rows[:1]]
    context = {
        "table": table,
        "page": page,
        "lines": queries.tree_page(request.scope, page.rows, [] if words else opened),
        "words": words,
        "may_load": access.may_load(request.scope),
        "proposes": access.proposes_at_all(request.scope),
    }
    return render(request, "register/index.html", context)


@require_safe
def show(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return a unit with its history."""
    unit = unit_for(request.scope, unit_id)
    reads = access.may_read_contacts(request.scope, unit)
    desks = list(queries.desks_of(unit))
    served_by = units_of(request.scope).filter(pk__in=[desk.served_by_id for desk in desks])
    context = {
        "unit": unit,
        "above": queries.ancestors(unit),
        "table": long_table(queries.children_of(unit), request, queries.CHILDREN),
        "contacts": queries.contacts_of(unit) if reads else [],
        "reads_contacts": reads,
        "sees_below": request.scope.has_role_above(unit, *SEES_SUBTREE),
        "desks": desks,
        "opened": set(served_by.values_list("pk", flat=True)),
        "may_edit": access.may_edit(request.scope, unit),
        "may_propose": unit.closed_on is None and access.may_propose(request.scope, unit),
        **queries.history(unit),
    }
    return render(request, "register/show.html", context)


@require_http_methods(["GET", "POST"])
def add_contact(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Ask for a contact, and add it."""
    unit = access.edited_unit(request.scope, unit_id)
    form = ContactForm(request.POST or None)
    own = unit.pk in request.scope.own_units()
    if succeeds(
        form,
        lambda: actions.add_contact(unit, **form.cleaned_data, by_unit=own, actor=request.user),
    ):
        return redirect("units:show", unit.pk)
    return render(request, "register/contact.html", {"unit": unit, "form": form})


@require_http_methods(["GET", "POST"])
def change_contact(request: PortalRequest, contact_id: int) -> HttpResponse:
    """Ask what is to change of a contact, and change it."""
    contact = access.edited_contact(request.scope, contact_id)
    form = ContactForm(request.POST or None, initial=vars(contact))
    own = contact.unit_id in request.scope.own_units()
    if succeeds(
        form,
        lambda: actions.change_contact(
            contact, **form.cleaned_data, by_unit=own, actor=request.user
        ),
    ):
        return redirect("units:show", contact.unit_id)
    context = {"unit": contact.unit, "form": form, "contact": contact}
    return render(request, "register/contact.html", context)


@require_POST
def end_contact(request: PortalRequest, contact_id: int) -> HttpResponse:
    """End a contact."""
    contact = access.edited_contact(request.scope, contact_id)
    actions.end_contact(contact, actor=request.user)
    return redirect("units:show", contact.unit_id)


@require_POST
def use_again(request: PortalRequest, contact_id: int) -> HttpResponse:
    """Use an address again that had bounced."""
    contact = access.edited_contact(request.scope, contact_id)
    actions.use_again(contact, actor=request.user)
    return redirect("units:show", contact.unit_id)


@require_http_methods(["GET", "POST"])
def desks(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Ask which units work for this one, and keep it."""
    unit = access.edited_unit(request.scope, unit_id)
    known = {desk.role: desk.served_by for desk in queries.desks_of(unit)}
    form = DesksForm(request.POST or None, initial=known)
    units = access.desk_units(request.scope, unit)
    offer_units(form, units, reverse("units:find_desk", args=[unit.pk]))
    if request.method == "POST" and form.is_valid():
        actions.set_desks(unit, form.cleaned_data, actor=request.user)
        return redirect("units:show", unit.pk)
    return render(request, "register/desks.html", {"unit": unit, "form": form})


@require_safe
def find_desk(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the units that may work for this one, by search words."""
    unit = access.edited_unit(request.scope, unit_id)
    return suggestions(request, access.desk_units(request.scope, unit))


@require_http_methods(["GET", "POST"])
def headcount(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Ask how many people work in a unit, and keep it."""
    unit = access.edited_unit(request.scope, unit_id)
    form = HeadcountForm(request.POST or None, initial={"as_of": timezone.localdate()})
    if succeeds(form, lambda: actions.set_headcount(unit, **form.cleaned_data, actor=request.user)):
        return redirect("units:show", unit.pk)
    return render(request, "register/headcount.html", {"unit": unit, "form": form})


@require_safe
def contacts_health(request: PortalRequest) -> HttpResponse:
    """Return the units whose contacts are missing, bounced, shared or old."""
    if not access.may_load(request.scope):
        raise PermissionDenied
    counts = queries.health_counts(request.scope)
    first = next((name for name, count in counts.items() if count), "missing")
    problem = request.GET.get("problem", first)
    rows, listed = queries.health(request.scope, problem), queries.HEALTH
    if is_narrowed(request, listed) or is_sorted(request, listed):
        table = long_table(rows, request, listed)
    else:
        page = key_page_of(rows, request, "path")
        table = around(page, request, listed, total=counts.get(problem, 0))
    context = {"counts": counts, "problem": problem, "table": table, "page": table.page}
    return render(request, "register/health.html", context)


MOST_ROWS_SHOWN = 200
"""Rows of each kind shown in a preview; its numbers count all rows."""


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


@require_http_methods(["GET", "POST"])
def load_shapes(request: PortalRequest) -> HttpResponse:
    """Ask for a GeoJSON file of the outlines of units, and store them."""
    top = access.loading_unit(request.scope)
    form = ShapesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, details = form.cleaned_data.pop("file"), shapes.ShapeDetails(**form.cleaned_data)
        summary = attempt(
            form, lambda: shapes.import_shapes(file.read(), details, top, actor=request.user)
        )
        if summary is not None:
            messages.success(request, summary)
            return redirect("units:load_shapes")
    context = {"form": form, "top": top, "sources": shapes.sources_of(top)[:50]}
    return render(request, "register/shapes.html", context)


@require_safe
def preview_view(request: PortalRequest, upload_id: int) -> HttpResponse:
    """Return what saving a file would change."""
    upload = access.open_upload(request.scope, upload_id)
    comparison, hidden = imports.preview(upload)
    context = {
        "upload": upload,
        "found": comparison,
        "hidden": hidden,
        "problems": comparison.problems[:MOST_ROWS_SHOWN],
        "new": comparison.new[:MOST_ROWS_SHOWN],
        "changed": comparison.changed[:MOST_ROWS_SHOWN],
        "missing": comparison.missing[:MOST_ROWS_SHOWN],
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
        imports.template_workbook(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = 'attachment; filename="danh-sach-don-vi.xlsx"'
    return response
