"""Pages: prepare, preview and publish in the lead office; what everybody sees."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import leads_it, own_campaign
from quetsach_portal.publishing.access import prepares
from quetsach_portal.publishing.figures import actions
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


class PrepareForm(forms.Form):
    """The text shown with the figures."""

    text = forms.CharField(
        label=_lazy("Text above the figures"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=3000,
        help_text=_lazy("Public text. No names of people, no addresses of machines."),
    )


class WithdrawFiguresForm(forms.Form):
    """Why figures are taken back."""

    reason = forms.CharField(
        label=_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


FRESH_S = 300
"""How long caches may keep the page."""


@require_safe
def index(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return what was prepared and published, with a preview of what waits."""
    campaign = own_campaign(request.scope, campaign_id)
    waiting = actions.prepared_of(campaign)
    context = {
        "campaign": campaign,
        "page": page_of(actions.history_of(campaign), request),
        "may_prepare": prepares(request.scope, campaign),
        "may_publish": leads_it(request.scope, campaign),
        "waiting": waiting,
    }
    context |= {} if waiting is None else actions.page_of(waiting)
    return render(request, "public_figures/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Prepare the current figures."""
    campaign = actions.campaign_to_prepare(request.scope, campaign_id)
    before = actions.prepared_of(campaign)
    form = PrepareForm(request.POST or None, initial={"text": before.text if before else ""})
    # An empty text is a form that was sent, too.
    if request.method == "POST":
        form = PrepareForm(request.POST)
    if succeeds(form, lambda: actions.prepare(campaign, actor=request.user, **form.cleaned_data)):
        return redirect("public_figures:index", campaign.pk)
    context = {"campaign": campaign, "form": form}
    return render(request, "public_figures/prepare.html", context)


@require_POST
def publish(request: PortalRequest, figures_id: int) -> HttpResponse:
    """Show to everybody what was previewed."""
    figures = actions.figures_to_publish(request.scope, figures_id)
    sha256 = request.POST.get("sha256", "")
    run_with_message(
        request,
        lambda: actions.publish(figures, sha256=sha256, actor=request.user),
        done=_("The figures are public now."),
    )
    return redirect("public_figures:index", figures.campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, figures_id: int) -> HttpResponse:
    """Take figures back, with the reason."""
    figures = actions.figures_to_publish(request.scope, figures_id)
    form = WithdrawFiguresForm(request.POST or None)
    if succeeds(form, lambda: actions.withdraw(figures, actor=request.user, **form.cleaned_data)):
        return redirect("public_figures:index", figures.campaign_id)
    context = {"figures": figures, "campaign": figures.campaign, "form": form}
    return render(request, "public_figures/withdraw.html", context)


@login_not_required
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """Return the campaigns with public figures; no cookie, no sign-in."""
    context = {"all": actions.newest_of_each()}
    return _kept(render(request, "public_figures/all.html", context))


@login_not_required
@require_safe
def of_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Return the public figures of a campaign."""
    figures = actions.published_figures(campaign_id)
    return _kept(render(request, "public_figures/public.html", actions.page_of(figures)))


@login_not_required
@require_safe
def of_campaign_json(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Return the same for programs."""
    figures = actions.published_figures(campaign_id)
    response = JsonResponse(actions.as_json(figures), json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return _kept(response)


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    return response
