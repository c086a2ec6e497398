"""Pages: prepare, preview and publish in the lead office; what everybody sees."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import leads_it, own_campaign
from quetsach_portal.public_figures import access, actions, queries
from quetsach_portal.public_figures.forms import PrepareForm, WithdrawForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.telling import told_or_refused

FRESH_S = 300
"""For so long anybody on the way may keep the page."""


@require_safe
def index(request: Request, campaign_id: int) -> HttpResponse:
    """Return what was prepared and published, with a preview of what waits."""
    campaign = own_campaign(request.scope, campaign_id)
    waiting = queries.prepared_of(campaign)
    given = {
        "campaign": campaign,
        "page": page_of(queries.history_of(campaign), request),
        "may_prepare": access.prepares(request.scope, campaign),
        "may_publish": leads_it(request.scope, campaign),
        "waiting": waiting,
    }
    given |= {} if waiting is None else queries.page_of(waiting)
    return render(request, "public_figures/index.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request, campaign_id: int) -> HttpResponse:
    """Prepare the figures as they stand now."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    before = queries.prepared_of(campaign)
    form = PrepareForm(request.POST or None, initial={"text": before.text if before else ""})
    # An empty text is a form that was sent, too.
    if request.method == "POST":
        form = PrepareForm(request.POST)
    if succeeds(form, lambda: actions.prepare(campaign, actor=request.user, **form.cleaned_data)):
        return redirect("public_figures:index", campaign.pk)
    given = {"campaign": campaign, "form": form}
    return render(request, "public_figures/prepare.html", given)


@require_POST
def publish(request: Request, figures_id: int) -> HttpResponse:
    """Show to everybody what was previewed."""
    figures = access.figures_to_publish(request.scope, figures_id)
    sha256 = request.POST.get("sha256", "")
    told_or_refused(
        request,
        lambda: actions.publish(figures, sha256=sha256, actor=request.user),
        done=_("The figures are public now."),
    )
    return redirect("public_figures:index", figures.campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, figures_id: int) -> HttpResponse:
    """Take figures back, with the reason."""
    figures = access.figures_to_publish(request.scope, figures_id)
    form = WithdrawForm(request.POST or None)
    if succeeds(form, lambda: actions.withdraw(figures, actor=request.user, **form.cleaned_data)):
        return redirect("public_figures:index", figures.campaign_id)
    given = {"figures": figures, "campaign": figures.campaign, "form": form}
    return render(request, "public_figures/withdraw.html", given)


@login_not_required
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """Return the campaigns of which figures are public; no cookie is set, nobody signs in."""
    given = {"all": queries.newest_of_each()}
    return _kept(render(request, "public_figures/all.html", given))


@login_not_required
@require_safe
def of_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Return the public figures of a campaign."""
    figures = access.shown_of(campaign_id)
    return _kept(render(request, "public_figures/public.html", queries.page_of(figures)))


@login_not_required
@require_safe
def of_campaign_json(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Return the same for programs."""
    figures = access.shown_of(campaign_id)
    response = JsonResponse(queries.as_json(figures), json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return _kept(response)


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    return response
