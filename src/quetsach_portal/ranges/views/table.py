"""Pages of the table of public ranges: read, add, approve, end."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.ranges import access, approving, queries, table
from quetsach_portal.ranges.forms import PrefixFileForm, RangeEndForm, RangeFileForm, RangeForm
from quetsach_portal.web.acts import run_and_show, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the table of an office: the first of the person's, or the one that is asked for."""
    access.keepers_only(request.scope)
    offices = access.kept_offices(request.scope)
    asked = request.GET.get("office", "")
    office = next((one for one in offices if str(one.pk) == asked), offices[0])
    ranges = long_table(table.standing(office), request, queries.RANGES)
    context = {
        "office": office,
        "offices": offices,
        "table": ranges,
        "page": ranges.page,
        "rows": [(row, queries.range_state(row)) for row in ranges.page.rows],
        "waiting": approving.waiting_for(office, request.user),
        "files": table.prefix_files(office),
    }
    return render(request, "ranges/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PortalRequest, office_id: int) -> HttpResponse:
    """Add one range."""
    office = access.office_for(request.scope, office_id)
    form = RangeForm(request.POST or None)
    if succeeds(
        form,
        lambda: table.add(
            office,
            table.written(office, form.cleaned_data),
            source=form.cleaned_data["source"],
            actor=request.user,
        ),
    ):
        return redirect("ranges:index")
    context = {"form": form, "office": office, "title": _("Add a range")}
    return render(request, "ranges/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: PortalRequest, office_id: int) -> HttpResponse:
    """Add the ranges of a CSV file."""
    office = access.office_for(request.scope, office_id)
    form = RangeFileForm(request.POST or None, request.FILES or None)
    if succeeds(
        form,
        lambda: table.add_csv(
            office,
            form.cleaned_data["upload"].read(table.MOST_BYTES + 1),
            source=form.cleaned_data["source"],
            actor=request.user,
        ),
    ):
        return redirect("ranges:index")
    context = {"form": form, "office": office, "title": _("Add the ranges of a file")}
    return render(request, "ranges/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prefixes(request: PortalRequest, office_id: int) -> HttpResponse:
    """Hand in what autonomous systems announced on a day."""
    office = access.office_for(request.scope, office_id)
    form = PrefixFileForm(request.POST or None, request.FILES or None)
    if succeeds(
        form,
        lambda: table.add_prefixes(
            office,
            form.cleaned_data["upload"].read(table.MOST_PREFIX_BYTES + 1),
            name=form.cleaned_data["upload"].name,
            as_of=form.cleaned_data["as_of"],
            actor=request.user,
        ),
    ):
        return redirect("ranges:index")
    context = {"form": form, "office": office, "title": _("Prefixes of autonomous systems")}
    return render(request, "ranges/form.html", context)


@confirmed_recently
@require_POST
def approve(request: PortalRequest, office_id: int) -> HttpResponse:
    """Let what somebody else added count from now on, as far as it was shown."""
    office = access.office_for(request.scope, office_id)

    def approved() -> str:
        shown = request.POST.get("shown", "")
        count = approving.approve_waiting(office, shown, actor=request.user)
        text = ngettext(
            "%(count)s range or file counts now.", "%(count)s ranges or files count now.", count
        )
        return text % {"count": count}

    run_and_show(request, approved)
    return redirect("ranges:index")


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PortalRequest, range_id: int) -> HttpResponse:
    """Let a range count until a day, or no more."""
    row = access.range_for(request.scope, range_id)
    form = RangeEndForm(request.POST or None)
    if succeeds(
        form,
        lambda: table.withdraw(row, actor=request.user, last_day=form.cleaned_data["last_day"]),
    ):
        return redirect("ranges:index")
    context = {"form": form, "office": row.office, "row": row, "title": _("End a range")}
    return render(request, "ranges/form.html", context)
