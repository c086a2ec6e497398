"""The preparation as a task list, and its pages of words."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import leads_it, led_campaign, may_prepare, own_campaign
from quetsach_portal.campaigns.actions import preparing
from quetsach_portal.campaigns.appendix_form import AppendixForm
from quetsach_portal.campaigns.chosen_form import blocks_of, shown_code
from quetsach_portal.campaigns.forms import BasicsForm, TasksForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds


@require_safe
def setup(request: Request, campaign_id: int) -> HttpResponse:
    """Return the task list."""
    campaign = own_campaign(request.scope, campaign_id)
    tasks = queries.setup_tasks(campaign)
    given = {
        "campaign": campaign,
        "tasks": tasks,
        "next": queries.next_task(tasks),
        "questions": queries.questions_of(campaign),
        "leads_it": leads_it(request.scope, campaign),
        "closed": queries.closed_pages(
            campaign,
            prepares=may_prepare(request.scope, campaign),
            leads=leads_it(request.scope, campaign),
        ),
    }
    return render(request, "campaigns/setup.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def basics(request: Request, campaign_id: int) -> HttpResponse:
    """Title, legal basis, goal, web page."""
    campaign = led_campaign(request.scope, campaign_id)
    named = ("title", "legal_basis", "goal", "page_url")
    form = BasicsForm(
        request.POST or None, initial={name: getattr(campaign, name) for name in named}
    )
    if succeeds(form, lambda: preparing.set_basics(campaign, form.basics(), actor=request.user)):
        return redirect("campaigns:setup", campaign.pk)
    return _page(request, campaign, form, _("Title, legal basis and goal"))


@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: Request, campaign_id: int) -> HttpResponse:
    """What units have to do."""
    campaign = led_campaign(request.scope, campaign_id)
    form = TasksForm(request.POST or None, initial={"tasks": "\n\n".join(campaign.tasks)})
    if succeeds(form, lambda: preparing.set_tasks(campaign, form.listed(), actor=request.user)):
        return redirect("campaigns:setup", campaign.pk)
    return _page(request, campaign, form, _("What units have to do"))


@require_http_methods(["GET", "HEAD", "POST"])
def appendix(request: Request, campaign_id: int) -> HttpResponse:
    """Which report form."""
    campaign = led_campaign(request.scope, campaign_id)
    held = blocks_of(campaign.form_code, campaign.form_definition)
    form = AppendixForm(
        request.POST or None,
        request.FILES or None,
        initial={"form_code": shown_code(campaign.form_code), "blocks": held},
    )
    if succeeds(form, lambda: preparing.set_form(campaign, form.chosen(), actor=request.user)):
        return redirect("campaigns:setup", campaign.pk)
    return _page(request, campaign, form, _("Report form (appendix)"))


def _page(request: Request, campaign: object, form: object, title: str) -> HttpResponse:
    given = {"campaign": campaign, "form": form, "title": title}
    return render(request, "campaigns/form.html", given)
