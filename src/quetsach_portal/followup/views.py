"""The ladder, the reminders, the silent ones, and the completeness of reports."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns import queries as campaigns_queries
from quetsach_portal.campaigns.scope import node_for, node_scope, top_node
from quetsach_portal.files.storage import attachment
from quetsach_portal.followup import (
    access,
    pages,
    queries,
    rates,
    report_lists,
    tables,
    tasks,
    undoing,
)
from quetsach_portal.followup.actions import declaring, extending
from quetsach_portal.followup.forms import (
    DecideForm,
    DeployForm,
    FollowupReasonForm,
    LadderFilterForm,
    MoreTimeForm,
    OwnWordsForm,
    ReceivedForForm,
)
from quetsach_portal.followup.mails import NO_WORDS
from quetsach_portal.followup.pages import (
    chosen_in,
    day_and_hour,
    day_in,
    decided,
    node_in,
    number_in,
    phase_in,
)
from quetsach_portal.followup.reminding import candidates_of, preview_of, remind_silent
from quetsach_portal.people.roles.scope import SEES_SUBTREE
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import run_and_show, run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table


@require_safe
def ladder(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the ladder below a unit: its direct children, and how far each is."""
    campaign, seats = access.followed(request.scope, campaign_id)
    node = access.node_to_follow(request.scope, campaign, node_in(request))
    phase, form = phase_in(request, campaign), LadderFilterForm(request.GET)
    is_grid = request.GET.get("view") == "grid"
    opens_units, has = seats.has_role_above(node, *SEES_SUBTREE), form.has
    per = 200 if is_grid else 50
    if has:
        deep = access.lists_below(seats, node)
        table, total = pages.reached_table(request, node, has, phase, deep=deep, per=per)
    else:
        children = queries.children_of(node, form.waits_for, form.silent_days, phase)
        table = long_table(tables.with_reports(children, phase), request, tables.LADDER, per=per)
        total = None
    rows = queries.ladder_rows([node, *table.page.rows], phase)
    may_remind = seats.has_role_in(node, *access.REMINDS)
    context = {
        "campaign": campaign,
        "node": node,
        "above": queries.path_to(node, top_node(request.scope, campaign)),
        "phase": phase,
        "phases": campaigns_queries.phases_of(campaign),
        "form": form,
        "is_grid": is_grid,
        "has": has,
        "table": table,
        "page": table.page,
        "all_columns": request.GET.get("columns") == "all",
        "total": total,
        "rows": rows[1:],
        "figures": queries.figures_of(rows[0]),
        "opens_units": opens_units,
        "may_remind": may_remind,
        "mails_wait": may_remind and queries.why_mails_wait(),
        "undoable": undoing.undoable_of(node) if may_remind else None,
    }
    return render(request, "followup/ladder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: PortalRequest, node_id: int) -> HttpResponse:
    """Show the recipients of a reminder, and remind all of them or the chosen ones."""
    node = access.reminded_from(request.scope, node_id)
    asked = request.POST if request.method == "POST" else request.GET
    steps, phase = LadderFilterForm(asked), phase_in(request, node.campaign)
    waits_for, days = steps.waits_for or "received", steps.silent_days
    is_sent = request.method == "POST" and request.POST.get("act") != "preview"
    form = OwnWordsForm(request.POST if request.method == "POST" else None)
    words = form.words_of(node) if form.is_valid() else NO_WORDS
    send = partial(
        remind_silent,
        node,
        waits_for=waits_for,
        days=days,
        phase=phase,
        chosen=chosen_in(request),
        actor=request.user,
        words=words,
    )
    if is_sent and succeeds(form, send):
        return redirect(_reminded_at(request, node.campaign_id, node.pk))
    candidates = candidates_of(node, waits_for=waits_for, days=days, phase=phase)
    context: dict[str, Any] = {"node": node, "phase": phase, "form": form, "days": days}
    context["waits_for"] = waits_for
    context |= {"candidates": candidates, "ticked": chosen_in(request)}
    context["mail"] = preview_of(candidates, waits_for, phase, words)
    context["undoable"] = undoing.undoable_of(node)
    return render(request, "followup/remind.html", context)


@require_POST
def undo_reminders(request: PortalRequest, node_id: int) -> HttpResponse:
    """Undo reminders whose mail has not gone out yet."""
    node = access.reminded_from(request.scope, node_id)
    first, last = (number_in(request.POST.get(name, "")) or 0 for name in ("first", "last"))

    def act() -> str:
        undone, gone = undoing.undo_reminders(node, first, last, actor=request.user)
        sentences = [
            (ngettext("%(count)s reminder undone.", "%(count)s reminders undone.", undone), undone),
            (
                ngettext(
                    "%(count)s e-mail had gone out already.",
                    "%(count)s e-mails had gone out already.",
                    gone,
                ),
                gone,
            ),
        ]
        return " ".join(words % {"count": count} for words, count in sentences if count)

    run_and_show(request, act)
    return redirect(_reminded_at(request, node.campaign_id, node.pk))


def _reminded_at(request: PortalRequest, campaign_id: int, node_id: int) -> str:
    """Return where the reminders below a unit are seen, on the page that the person came from."""
    if request.POST.get("from") == "today":
        return f"{reverse('home')}?campaign={campaign_id}#overdue"
    return f"{reverse('followup:ladder', args=[campaign_id])}?under={node_id}#reminded"


@require_safe
def silent(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the silent units below the person that were reported to the office above."""
    campaign, seats = access.followed(request.scope, campaign_id)
    table = long_table(queries.silences_for(campaign, seats), request, tables.SILENT)
    given = {"campaign": campaign, "table": table, "may_remind": access.reminds(seats)}
    return render(request, "followup/silent.html", given)


@require_safe
def mails(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the mails of the follow-up that failed or may not have arrived."""
    campaign, seats = access.followed_by_its_office(request.scope, campaign_id)
    table = long_table(queries.mails_not_arrived(campaign, seats), request, tables.MAILS)
    given = {"campaign": campaign, "table": table, "mails_wait": queries.why_mails_wait()}
    return render(request, "followup/mails.html", given)


@require_safe
def completeness(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return how complete the reports of a unit and of each unit below it are."""
    campaign, seats = access.followed(request.scope, campaign_id)
    node = access.node_to_follow(request.scope, campaign, node_in(request))
    phase, day = phase_in(request, campaign), day_in(request)
    on = day.day
    show, listed = request.GET.get("show", ""), None
    if show in report_lists.FIGURES and phase is not None and on is None:
        deep = access.lists_below(seats, node)
        listed = report_lists.slots_behind(node, phase, show, deep=deep)
        titled = replace(tables.SLOTS, title=listed.label)
        table, children = long_table(listed.rows, request, titled, total=listed.total), []
    else:
        table = pages.completeness_table(request, node, phase, on)
        children = list(table.page.rows)
    report_rates = rates.rates_of([node, *children], phase, on)
    context = {
        "listed": listed,
        "show": show,
        "table": table,
        "all_columns": request.GET.get("columns") == "all",
        "campaign": campaign,
        "node": node,
        "above": queries.path_to(node, top_node(request.scope, campaign)),
        "phase": phase,
        "phases": campaigns_queries.phases_of(campaign),
        "asked": day,
        "on": on,
        "opens_units": seats.has_role_above(node, *SEES_SUBTREE),
        "page": table.page,
        "total": report_rates[0] if report_rates else None,
        "rates": report_rates[1:],
        "own": rates.own_rates(node, phase, on),
        "too_early": rates.is_before_start(campaign, on),
    }
    return render(request, "followup/completeness.html", context)


# More time: asked by a unit, decided above it, or given to a whole subtree.


@require_safe
def extensions(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return what was asked for, the oldest open question first."""
    campaign, seats = access.followed(request.scope, campaign_id)
    state = request.GET.get("state", "asked")
    asked = queries.extensions_for(campaign, seats, state)
    table = long_table(asked, request, tables.EXTENSIONS)
    to_decide = {
        row.pk
        for row in table.page.rows
        if access.decides(request.scope, seats, row.slot.node, campaign)
    }
    given = {"campaign": campaign, "table": table, "state": state, "to_decide": to_decide}
    return render(request, "followup/extensions.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def request_more_time(request: PortalRequest, node_id: int, phase_id: int) -> HttpResponse:
    """Ask for more time for one's own unit."""
    node = access.own_node(request.scope, node_id, *access.ASKS_TIME)
    slot, form = access.slot_of(node, phase_id), MoreTimeForm(request.POST or None)
    if succeeds(
        form,
        lambda: extending.request_extension(
            slot, wanted=form.until(), reason=form.cleaned_data["reason"], actor=request.user
        ),
    ):
        return redirect("followup:node", node.pk)
    return render(request, "followup/ask_time.html", {"node": node, "slot": slot, "form": form})


@require_POST
def take_back(request: PortalRequest, extension_id: int) -> HttpResponse:
    """Ask no longer."""
    extension = access.own_extension(request.scope, extension_id)
    run_with_message(request, lambda: extending.take_back(extension, actor=request.user))
    return redirect("followup:node", extension.slot.node_id)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PortalRequest, extension_id: int) -> HttpResponse:
    """Grant or refuse more time."""
    extension = access.extension_to_decide(request.scope, extension_id)
    form = DecideForm(request.POST or None, initial=day_and_hour(extension.wanted))
    if succeeds(form, lambda: decided(extension, form, request.user)):
        return redirect("followup:extensions", extension.slot.node.campaign_id)
    given = {"extension": extension, "node": extension.slot.node, "form": form}
    return render(request, "followup/decide.html", given)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: PortalRequest, node_id: int, phase_id: int) -> HttpResponse:
    """Give more time to a unit and all below it."""
    node = access.led_node(request.scope, node_id)
    slot, form = access.slot_of(node, phase_id), MoreTimeForm(request.POST or None)
    if succeeds(
        form,
        lambda: extending.grant_subtree(
            node,
            phase_id,
            new_due_at=form.until(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    ):
        return redirect("followup:node", node.pk)
    return render(request, "followup/give_time.html", {"node": node, "slot": slot, "form": form})


# One unit: what it has done, its receipt, its declaration, and the proofs beside them.


@require_safe
def unit(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return what the unit has done, who said so and when, and what comes next."""
    node = node_for(request.scope, node_id)
    context = {
        "node": node,
        "campaign": node.campaign,
        "tasks": tasks.tasks_of(node),
        "receipt": pages.receipt_of(node),
        "declarations": queries.declarations_of(node),
        "reports": queries.reports_of(node),
        "extensions": queries.extensions_of(node),
        "may": pages.may(request.scope, node, node_scope(request.scope, node.campaign)),
    }
    return render(request, "followup/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: PortalRequest, node_id: int) -> HttpResponse:
    """Confirm that the letter was received; opening the page does not."""
    node = access.own_node(request.scope, node_id, *access.SAYS_RECEIVED)
    if request.method == "POST" and run_with_message(
        request, lambda: declaring.confirm_receipt(node, actor=request.user)
    ):
        return redirect("followup:node", node.pk)
    given = {"node": node, "campaign": node.campaign, "receipt": pages.receipt_of(node)}
    return render(request, "followup/receive.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def receive_for(request: PortalRequest, node_id: int) -> HttpResponse:
    """Record the receipt of a unit directly below, with a proof."""
    node = access.child_node(request.scope, node_id, *access.RECORDS_FOR_CHILD)
    form = ReceivedForForm(
        request.POST or None, request.FILES or None, initial={"day": timezone.localdate()}
    )
    if succeeds(form, lambda: pages.record_receipt(node, form, request.user)):
        return redirect("followup:node", node.pk)
    return _page(request, "followup/receive_for.html", node=node, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def deploy(request: PortalRequest, node_id: int) -> HttpResponse:
    """Declare that the campaign is deployed, with evidence."""
    node = access.own_node(request.scope, node_id, *access.SAYS_DEPLOYED)
    form = DeployForm(request.POST or None, request.FILES or None)
    if succeeds(form, lambda: declaring.declare(node, form.said(), actor=request.user)):
        return redirect("followup:node", node.pk)
    declared = queries.declarations_of(node).exclude(state="withdrawn").first()
    return _page(request, "followup/deploy.html", node=node, form=form, declared=declared)


@require_POST
def check(request: PortalRequest, declaration_id: int) -> HttpResponse:
    """Record that the office above checked a declaration."""
    declaration = access.childs_declaration(request.scope, declaration_id)
    run_with_message(request, lambda: declaring.check(declaration, actor=request.user))
    return redirect("followup:node", declaration.node_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, declaration_id: int) -> HttpResponse:
    """Take a declaration back: the unit itself, or the office above."""
    declaration = access.declaration_to_withdraw(request.scope, declaration_id)
    form = FollowupReasonForm(request.POST or None)
    if succeeds(
        form,
        lambda: declaring.withdraw(declaration, form.cleaned_data["why"], actor=request.user),
    ):
        return redirect("followup:node", declaration.node_id)
    return _page(request, "followup/withdraw.html", node=declaration.node, form=form)


@require_safe
def evidence(request: PortalRequest, evidence_id: int) -> HttpResponseBase:
    """Hand out a file of a declaration."""
    return attachment(access.evidence_file(request.scope, evidence_id))


@require_safe
def receipt_proof(request: PortalRequest, receipt_id: int) -> HttpResponseBase:
    """Hand out the proof of a receipt that was recorded on behalf."""
    return attachment(access.receipt_proof(request.scope, receipt_id))


@require_safe
def paper_proof(request: PortalRequest, paper_id: int) -> HttpResponseBase:
    """Hand out the scan of a report on paper."""
    return attachment(access.paper_proof(request.scope, paper_id))


def _page(request: PortalRequest, template: str, **given: object) -> HttpResponse:
    return render(request, template, given)
