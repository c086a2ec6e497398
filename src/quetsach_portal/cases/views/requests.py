"""Pages of letters that ask who held public addresses: hand in, read the answer, answer."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.cases import access, address_requests, tables
from quetsach_portal.cases.authority_forms import AddressRequestForm, DeclaredZoneForm
from quetsach_portal.files.storage import attachment_header
from quetsach_portal.web.acts import attempt, run_with_message
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
NAME = "tra-loi-dia-chi-ip"


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the letters of the person's units."""
    access.requests_only(request.scope)
    table = long_table(access.own_requests(request.scope), request, tables.REQUESTS)
    context = {"table": table, "page": table.page, "nodes": access.own_nodes(request.scope)}
    return render(request, "cases/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: PortalRequest, node_id: int) -> HttpResponse:
    """Hand in a letter for a unit."""
    node = access.own_node_for(request.scope, node_id)
    form = AddressRequestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        handed_in = attempt(
            form, lambda: address_requests.hand_in(node, **cleaned, actor=request.user)
        )
        if handed_in is not None:
            return redirect("cases:request", handed_in.pk)
    return render(request, "cases/hand_in_request.html", {"node": node, "form": form})


@require_safe
def show(request: PortalRequest, request_id: int) -> HttpResponse:
    """Return who asks, on what basis and until when, and what the logs say of each address."""
    address_request = access.request_for(request.scope, request_id)
    table = long_table(address_requests.rows_of(address_request), request, tables.ASKED_ADDRESSES)
    context = {
        "asked": address_request,
        "asked_on": address_requests.day_of(address_request),
        "counts": address_requests.counts_of(address_request),
        "table": table,
        "page": table.page,
        "rows": [address_requests.page_row(row) for row in table.page.rows],
        "form": DeclaredZoneForm(initial={"zone": address_request.zone}),
        "is_focal": access.is_focal(request.scope, address_request.node),
        "is_archived": address_requests.is_archived(address_request),
    }
    return render(request, "cases/request.html", context)


@require_POST
def again(request: PortalRequest, request_id: int) -> HttpResponse:
    """Trace a letter again, with the logs that came in since and the declared zone."""
    address_request = access.request_for(request.scope, request_id)
    form = DeclaredZoneForm(request.POST)
    zone = form.cleaned_data["zone"] if form.is_valid() else "?"
    run_with_message(
        request,
        lambda: address_requests.trace_again(address_request.pk, zone=zone, actor=request.user),
        done=_("It is being traced again; the result is ready in a few minutes."),
    )
    return redirect("cases:request", address_request.pk)


@require_POST
def letter(request: PortalRequest, request_id: int) -> HttpResponse:
    """Return the letter that answers, as DOCX or PDF; nothing is kept or sent."""
    address_request = access.focal_request_for(request.scope, request_id)
    ending = "pdf" if request.POST.get("form") == "pdf" else "docx"
    contents: list[bytes] = []

    def make() -> None:
        files = address_requests.make_letter(address_request, actor=request.user)
        contents.append(files.pdf if ending == "pdf" else files.docx)

    if not run_with_message(request, make):
        return redirect("cases:request", address_request.pk)
    response = HttpResponse(contents[0], content_type=CONTENT_TYPES[ending])
    response["Content-Disposition"] = attachment_header(f"{NAME}-{address_request.pk}.{ending}")
    return response
