"""Pages of what a unit hands in, of its own tables and keys, and of the counts above it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.intake import (
    access,
    actions,
    folders,
    imports,
    own_tables,
    queries,
    second_withdrawal,
    submission_page,
)
from quetsach_portal.intake.forms import (
    KINDS,
    TABLE_KINDS,
    AddForm,
    BeginForm,
    ByHandForm,
    KeyForm,
    KindForm,
    RulesForm,
    TableForm,
    TableKindForm,
    WithdrawForm,
)
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

if TYPE_CHECKING:
    from quetsach_portal.intake.models import Submission


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return where evidence is handed in and where its counts are seen, by role."""
    own = access.own_nodes(request.scope)
    counted = access.counted_nodes(request.scope)
    if len(own) == 1 and not counted:
        return unit(request, own[0].pk)
    context = {"own": own, "counted": counted, "asks": access.asks_gone_logs(request.scope)}
    return render(request, "intake/index.html", context)


@require_safe
def unit(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the submissions of a node, and the days covered."""
    node = access.own_node_for(request.scope, node_id)
    table = long_table(queries.submissions_of(node), request, queries.SUBMISSIONS)
    rows = submission_page.rows_of(table.page.rows)
    context = {"table": table, "page": table.page, "rows": rows}
    return render(request, "intake/unit.html", submission_page.of_unit(node) | context)


@require_safe
def imported(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the logs of a node, and what each submission brought of them."""
    node = access.own_node_for(request.scope, node_id)
    page = page_of(imports.streams_of(node), request)
    context = {"node": node, "page": page, "streams": imports.with_parts(page.rows)}
    return render(request, "intake/imports.html", context)


@require_safe
def hand_in(request: PortalRequest, node_id: int) -> HttpResponse:
    """Ask what is to be handed in."""
    node = access.own_node_for(request.scope, node_id)
    form = KindForm(request.GET if "kind" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("intake:begin", node.pk, form.cleaned_data["kind"])
    closed = submission_page.why_closed(node)
    return render(request, "intake/hand_in.html", {"node": node, "form": form, "closed": closed})


@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest, node_id: int, kind: str) -> HttpResponse:
    """Take the first file."""
    node = access.own_node_for(request.scope, node_id)
    if kind not in KINDS:
        raise Http404
    named: dict[str, Any] = {"kind": kind, "unit": node.unit, "user": request.user}
    form = BeginForm(request.POST or None, request.FILES or None, **named)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("note", "token")}
        fields |= {"kind": kind, "upload": form.given(), "actor": request.user}
        begun = attempt(form, lambda: actions.begin(node, **fields))
        if begun is not None:
            return redirect("intake:submission", begun.pk)
    context = {"node": node, "form": form, "kind": kind, "rules": queries.rules_of(node.campaign)}
    return render(request, "intake/begin.html", context)


@require_safe
def submission(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Return one submission: a draft, its progress, or what came out."""
    context = submission_page.page_of(access.submission_for(request.scope, submission_id))
    return render(request, f"intake/{context['standing'].page}.html", context)


@require_safe
def progress(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Return how far it is, for the page that asks again and again; at the end it is loaded new."""
    submission = access.submission_for(request.scope, submission_id)
    standing = submission_page.standing_of(submission)
    context = {"submission": submission, "standing": standing}
    response = render(request, "intake/progress_part.html", context)
    if standing.page != "progress":
        response.headers["X-Ended"] = "1"
    return response


@require_http_methods(["GET", "POST"])
def add_file(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Add one more file to a draft."""
    submission = access.submission_for(request.scope, submission_id)
    named: dict[str, Any] = {"unit": submission.node.unit, "user": request.user}
    form = AddForm(request.POST or None, request.FILES or None, **named)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        added = attempt(form, lambda: actions.add_file(submission, given, actor=request.user))
        if added is not None:
            return redirect("intake:submission", submission.pk)
    return render(request, "intake/add_file.html", {"submission": submission, "form": form})


@require_POST
def remove_file(request: PortalRequest, submission_id: int, file_id: UUID) -> HttpResponse:
    """Take a file out of a draft."""
    return _acted(request, submission_id, partial(actions.remove_file, file_id=file_id))


@require_POST
def send(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Send a draft off."""
    return _acted(request, submission_id, actions.send)


@require_POST
def retry(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Look through it once more."""
    return _acted(request, submission_id, actions.retry_sweep)


@require_POST
def throw_away(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Remove a draft."""
    submission = access.submission_for(request.scope, submission_id)
    run_with_message(
        request,
        lambda: actions.throw_away(submission, actor=request.user),
        done=_("The draft and its files were removed."),
    )
    return redirect("intake:unit", submission.node_id)


@require_http_methods(["GET", "POST"])
def withdraw(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Take evidence back that was handed in by mistake; after a close, ask or decide as second."""
    submission, act = access.submission_for(request.scope, submission_id), request.POST.get("act")
    form = WithdrawForm(request.POST if request.method == "POST" and not act else None)
    decision = forms.Form(request.POST if act else None)
    if succeeds(form, lambda: _withdraw(request, submission, form.cleaned_data["reason"])):
        return redirect("intake:submission", submission_id)
    if succeeds(decision, lambda: _decide_withdrawal(request, submission)):
        return redirect("intake:submission", submission_id)
    context = {
        "submission": submission,
        "form": form,
        "decision": decision,
        "asked": second_withdrawal.asked_key(submission),
        "is_asker": submission.withdrawal_asked_by_id == request.user.pk,
        "needs_second": second_withdrawal.needs_second(submission, request.scope),
    }
    return render(request, "intake/withdraw.html", context)


def _withdraw(request: PortalRequest, submission: "Submission", reason: str) -> None:
    is_withdrawn = second_withdrawal.withdraw_or_ask(
        submission, reason=reason, scope=request.scope, actor=request.user
    )
    if is_withdrawn:
        messages.success(request, _("Withdrawn. Cases, days and figures were counted without it."))
    else:
        messages.success(request, _("Asked for. A second person of your unit confirms it."))


def _decide_withdrawal(request: PortalRequest, submission: "Submission") -> None:
    shown = request.POST.get("asked", "")
    if request.POST.get("act") == "confirm":
        second_withdrawal.confirm(submission, shown, actor=request.user)
        messages.success(request, _("Withdrawn. Cases, days and figures were counted without it."))
    else:
        second_withdrawal.decline(submission, shown, actor=request.user)
        messages.success(request, _("The evidence stays."))


def _acted(request: PortalRequest, submission_id: int, act: Callable[..., None]) -> HttpResponse:
    submission = access.submission_for(request.scope, submission_id)
    run_with_message(request, lambda: act(submission, actor=request.user))
    return redirect("intake:submission", submission_id)


@require_http_methods(["GET", "POST"])
def by_hand(request: PortalRequest, submission_id: int, number: str) -> HttpResponse:
    """Make a case from a line to look at."""
    submission = access.submission_for(request.scope, submission_id)
    line = submission_page.line_of(submission, number)
    if line is None:
        raise Http404
    form = ByHandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = {**form.cleaned_data, "actor": request.user}
        case = attempt(form, lambda: actions.make_case(submission, line.seen, **asked))
        if case is not None:
            return redirect("cases:show", case.pk)
    context = {"submission": submission, "line": line, "form": form}
    return render(request, "intake/by_hand.html", context)


@require_safe
def report(request: PortalRequest, submission_id: int) -> FileResponse:
    """Return the report of the engine: always as an attachment."""
    return folders.report_of(access.submission_for(request.scope, submission_id))


@require_safe
def at_home(request: PortalRequest, node_id: int) -> HttpResponse:
    """Explain how to sweep locally, so that logs never leave the unit."""
    node = access.own_node_for(request.scope, node_id)
    return render(request, "intake/at_home.html", submission_page.at_home(node))


@require_safe
def release(request: PortalRequest, node_id: int) -> FileResponse:
    """Return the campaign's list, for a local sweep."""
    return folders.release_of(access.own_node_for(request.scope, node_id).campaign)


@require_safe
def below(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return counts of the direct children: no address and no machine."""
    node = access.counted_node_for(request.scope, node_id)
    table = long_table(queries.children_of(node), request, queries.BELOW)
    context = {"node": node, "table": table, "page": table.page}
    context["counts"] = queries.counts_of(table.page.rows)
    context["leads"] = access.leads(request.scope, node)
    return render(request, "intake/below.html", context)


@require_safe
def tables(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the unit's own tables, and ask which one is to be added."""
    unit = access.own_unit_for(request.scope, unit_id)
    form = TableKindForm(request.GET if "kind" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("intake:add_table", unit.pk, form.cleaned_data["kind"])
    context = {"unit": unit, "tables": queries.tables_of(unit), "form": form}
    return render(request, "intake/tables.html", context)


@require_http_methods(["GET", "POST"])
def add_table(request: PortalRequest, unit_id: int, kind: str) -> HttpResponse:
    """Add a table of the unit."""
    unit = access.own_unit_for(request.scope, unit_id)
    if kind not in TABLE_KINDS:
        raise Http404
    named: dict[str, Any] = {"kind": kind, "unit": unit, "user": request.user}
    form = TableForm(request.POST or None, request.FILES or None, **named)
    if request.method == "POST" and form.is_valid():
        table = {"upload": form.given(), "as_of": form.cleaned_data["as_of"], "actor": request.user}
        added = attempt(form, lambda: own_tables.add_table(unit, kind=kind, **table))
        if added is not None:
            return redirect("intake:tables", unit.pk)
    context = {"unit": unit, "form": form, "title": TABLE_KINDS[kind], "kind": kind}
    return render(request, "intake/add_table.html", context)


@require_POST
def end_table(request: PortalRequest, table_id: int) -> HttpResponse:
    """Use a table no more."""
    table = access.table_for(request.scope, table_id)
    own_tables.end_table(table, actor=request.user)
    messages.success(request, _("The table is no longer used."))
    return redirect("intake:tables", table.unit_id)


@require_http_methods(["GET", "POST"])
def keys(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the keys that vouch for findings of the unit, and register one."""
    unit = access.own_unit_for(request.scope, unit_id)
    form = KeyForm(request.POST or None)
    if request.method == "POST":
        access.must_be_focal_point(request.scope, unit)
        if form.is_valid():
            pem, actor = form.cleaned_data["pem"], request.user
            if attempt(form, lambda: own_tables.add_key(unit, pem=pem, actor=actor)):
                return redirect("intake:keys", unit.pk)
    context = {"unit": unit, "keys": queries.keys_of(unit), "form": form}
    context["may"] = access.is_focal_point(request.scope, unit)
    return render(request, "intake/keys.html", context)


@require_POST
def end_key(request: PortalRequest, key_id: int) -> HttpResponse:
    """Let a key vouch for nothing new."""
    key = access.key_for(request.scope, key_id)
    access.must_be_focal_point(request.scope, key.unit)
    own_tables.end_key(key, actor=request.user)
    messages.success(request, _("The key is no longer valid for new findings."))
    return redirect("intake:keys", key.unit_id)


@require_http_methods(["GET", "POST"])
def rules(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Decide what holds for evidence in a campaign."""
    campaign = access.led_campaign_for(request.scope, campaign_id)
    before = queries.rules_of(campaign)
    initial = {name: getattr(before, name) for name in RulesForm.base_fields}
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        own_tables.set_rules(campaign, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("intake:rules", campaign.pk)
    return render(request, "intake/rules.html", {"campaign": campaign, "form": form})
