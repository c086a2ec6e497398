"""Pages of allotted notices: the lead office's file, and what a unit answers."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.ranges import access, allotting, answer_files, queries, table
from quetsach_portal.ranges.answering import answer_by_link, give_answer
from quetsach_portal.ranges.asking import by_link
from quetsach_portal.ranges.forms import AllotForm, DecisionForm, UnitAnswerForm
from quetsach_portal.ranges.letter import letter_of
from quetsach_portal.ranges.retention import link_end
from quetsach_portal.web.acts import attempt, run_and_show, run_with_message
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the files of the lead office, and what the own units are asked about."""
    access.readers_only(request.scope)
    batches = access.allotted_batches(request.scope)
    table_of_files = long_table(batches, request, queries.ALLOTTED_FILES)
    context = {
        "table": table_of_files,
        "page": table_of_files.page,
        "nodes": access.led_nodes(request.scope),
        "asked": access.forwardings_of(request.scope)[:100],
        "keeps": bool(access.kept_offices(request.scope)),
    }
    return render(request, "ranges/notices_index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: PortalRequest, node_id: int) -> HttpResponse:
    """Hand in the authority's file for the units below."""
    node = access.led_node_for(request.scope, node_id)
    form = AllotForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        batch = attempt(
            form,
            lambda: allotting.hand_in(
                node,
                upload=cleaned["upload"],
                due=exclusive(cleaned["due"] + timedelta(days=1)),
                actor=request.user,
            ),
        )
        if batch is not None:
            return redirect("ranges:notices", batch.pk)
    context = {"form": form, "node": node, "title": _("Hand in the authority’s file")}
    return render(request, "ranges/form.html", context)


@require_safe
def show(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Return how the notices of a file stand; each figure opens to its rows."""
    batch = access.allotted_batch_for(request.scope, batch_id)
    state = request.GET.get("state", "")
    notices = long_table(queries.notices_of(batch, state), request, queries.NOTICES)
    context = {
        "batch": batch,
        "figures": queries.figures_of(batch),
        "state": state,
        "table": notices,
        "page": notices.page,
        "to_decide": queries.to_decide(batch),
        "forwardings": queries.forwardings_from(batch),
    }
    return render(request, "ranges/notices.html", context)


@require_POST
def decide(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Decide whose an address is, for all notices of the file that are nobody's."""
    batch = access.allotted_batch_for(request.scope, batch_id)
    form = DecisionForm(request.POST)

    def decided() -> str:
        if not form.is_valid():
            return _("Enter the unit, or - for an address that is not ours.")
        unit = table.unit_written(batch.node.unit, form.cleaned_data["unit"])
        address = form.cleaned_data["address"]
        count = allotting.decide(batch, address, unit=unit, actor=request.user)
        text = ngettext("%(count)s notice was decided.", "%(count)s notices were decided.", count)
        return text % {"count": count}

    run_and_show(request, decided)
    return redirect("ranges:notices", batch.pk)


@require_POST
def again(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Allot what is nobody's by the ranges as they are now."""
    batch = access.allotted_batch_for(request.scope, batch_id)

    def allotted() -> str:
        count = allotting.allot_again(batch, actor=request.user)
        text = ngettext("%(count)s notice was allotted.", "%(count)s notices were allotted.", count)
        return text % {"count": count}

    run_and_show(request, allotted)
    return redirect("ranges:notices", batch.pk)


@require_safe
def as_csv(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Return the answer to the authority as CSV."""
    batch = access.allotted_batch_for(request.scope, batch_id)
    response = HttpResponse(answer_files.as_csv(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="notices-{batch.pk}.csv"'
    return response


@require_safe
def as_letter(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Return the answer to the authority as a letter to be numbered and signed."""
    batch = access.allotted_batch_for(request.scope, batch_id)
    letters: list[bytes] = []
    if not run_with_message(request, lambda: letters.append(letter_of(batch))):
        return redirect("ranges:notices", batch.pk)
    response = HttpResponse(letters[0], content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="tra-loi-canh-bao-{batch.pk}.docx"'
    return response


@require_safe
def as_json(request: PortalRequest, batch_id: int) -> HttpResponse:
    """Return the answer to the authority as JSON."""
    batch = access.allotted_batch_for(request.scope, batch_id)
    return JsonResponse(answer_files.as_json(batch), json_dumps_params={"ensure_ascii": False})


@require_http_methods(["GET", "HEAD", "POST"])
def forwarded(request: PortalRequest, forwarding_id: int) -> HttpResponse:
    """Return what a unit is asked about, or take its answer."""
    forwarding = access.forwarding_for(request.scope, forwarding_id)
    rows = queries.asked_of(forwarding)
    form = _form(request, rows)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        done = attempt(
            form,
            lambda: give_answer(
                forwarding,
                cleaned["questions"],
                cleaned["answer"],
                cleaned["looked_at"],
                actor=request.user,
                case_number=cleaned["case_number"],
            ),
        )
        if done:
            return redirect("ranges:asked", forwarding.pk)
    context = {"forwarding": forwarding, "rows": rows, "form": form}
    return render(request, "ranges/asked.html", context)


def _form(
    request: HttpRequest, rows: Sequence[queries.AskedNotice], *, by_link: bool = False
) -> UnitAnswerForm:
    choices = [(row.question.pk, str(row.question.notice.number)) for row in rows if row.is_open]
    return UnitAnswerForm(request.POST or None, choices=choices, by_link=by_link)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, forwarding_id: int, signature: str) -> HttpResponse:
    """Show a unit's notices to whoever has its link, or take an answer; no account, no cookie.

    Programs that look at links open this page: looking changes nothing.
    """
    forwarding = by_link(forwarding_id, signature)
    if forwarding is None:
        return _private(render(request, "alerts/ended.html", status=410))
    rows = queries.asked_of(forwarding)
    form = _form(request, rows, by_link=True)
    if request.method == "POST":
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return HttpResponseForbidden(_("Send this form from its own page."))
        if form.is_valid() and attempt(form, _by_link(forwarding, form)) is not None:
            return _private(redirect("notice", forwarding_id, signature))
    context = {
        "forwarding": forwarding,
        "rows": rows,
        "form": form,
        "until": link_end(forwarding),
        "by_link": True,
    }
    status = 422 if form.errors else 200
    return _private(render(request, "ranges/answer.html", context, status=status))


def _by_link(forwarding: Any, form: UnitAnswerForm) -> Callable[[], int]:
    cleaned = form.cleaned_data
    return lambda: answer_by_link(
        forwarding, cleaned["questions"], cleaned["answer"], cleaned["looked_at"]
    )


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address of the page, which is a secret, from other sites and search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
