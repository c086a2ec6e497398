"""Pages: the alerts that a person sees, and what the link of a mail opens without an account."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach.instructions.steps import at_once
from quetsach_portal.alerts import answering, channels, queries
from quetsach_portal.alerts.answering import (
    OF_MACHINE,
    OF_MATTER,
    answer_alert,
    answer_by_link,
)
from quetsach_portal.alerts.mails import by_link
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import attempt, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

_ANSWERS = [(one.value, one.label) for one in dict.fromkeys([*OF_MACHINE, *OF_MATTER])]


class AlertAnswerForm(forms.Form):
    """What a unit says about one machine or matter."""

    alert = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    answer = forms.ChoiceField(
        label=_lazy("Your answer"), widget=forms.RadioSelect, choices=_ANSWERS
    )
    remark = forms.CharField(
        label=_lazy("Remark"), required=False, max_length=300, help_text=_lazy("Not needed.")
    )

    def offer(self, answers: Sequence[str]) -> None:
        """Offer these answers alone."""
        choice = cast("forms.ChoiceField", self.fields["answer"])
        choice.choices = [pair for pair in _ANSWERS if pair[0] in answers]


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the alerts of the person's units and of those below."""
    queries.readers_only(request.scope)
    everything = request.GET.get("all") == "1"
    alerts = queries.alerts_for(request.scope, everything=everything)
    table = long_table(alerts, request, queries.ALERTS)
    rows = queries.rows_of(request.scope, table.page.rows)
    context = {
        "table": table,
        "page": table.page,
        "rows": rows,
        "everything": everything,
        "keeps_channels": bool(queries.kept_units(request.scope)),
        "mails_wait": queries.why_mails_wait(),
    }
    return render(request, "alerts/index.html", context)


@require_http_methods(["GET", "POST"])
def reply(request: PortalRequest, alert_id: int) -> HttpResponse:
    """Answer an alert of the own unit under one's own account."""
    alert = queries.open_alert_for(request.scope, alert_id)
    form = AlertAnswerForm(request.POST or None, initial={"alert": alert.pk})
    form.offer(answering.answers_to(alert))
    if succeeds(
        form,
        lambda: answer_alert(
            alert.pk,
            form.cleaned_data["answer"],
            form.cleaned_data["remark"],
            actor=request.user,
        ),
    ):
        messages.success(request, _("Recorded. The state follows from the evidence."))
        return redirect("alerts:index")
    return render(request, "alerts/reply.html", {"alert": alert, "form": form})


# Channels beside the mail: who adds one decides where the unit's alerts go, so they prove who they
# are; the address is never shown again.


class AlertChannelForm(forms.Form):
    """The address of a channel."""

    url = forms.CharField(
        label=_lazy("Address of the channel"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_lazy(
            "jsons://host/path (webhook), hooks://host/path?key=whsec_... (signed webhook), "
            "rsyslog://host:514, tgram://bot-token/chat-id, or the https:// address that Teams, "
            "Slack, Discord or Google Chat gave. It is kept encrypted and not shown again."
        ),
    )


@require_safe
def channel_list(request: PortalRequest) -> HttpResponse:
    """Return the channels of the units for which the person keeps them."""
    queries.keepers_only(request.scope)
    context = {
        "rows": queries.channel_rows(request.scope),
        "units": queries.kept_units(request.scope),
        "hosts": queries.channel_hosts(),
    }
    return render(request, "alerts/channels.html", context)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def add_channel(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Add a channel to a unit."""
    unit = queries.kept_unit_for(request.scope, unit_id)
    form = AlertChannelForm(request.POST or None)
    if succeeds(form, lambda: channels.add(unit, form.cleaned_data["url"], actor=request.user)):
        messages.success(request, _("Added. Send a test to see that it arrives."))
        return redirect("alerts:channels")
    return render(request, "alerts/channel.html", {"unit": unit, "form": form})


@require_POST
def test_channel(request: PortalRequest, channel_id: int) -> HttpResponse:
    """Send a test to a channel."""
    channel = queries.channel_for(request.scope, channel_id)
    channels.send_test(channel, actor=request.user)
    messages.success(request, _("A test is on its way. Look at this page again in a minute."))
    return redirect("alerts:channels")


@require_POST
def remove_channel(request: PortalRequest, channel_id: int) -> HttpResponse:
    """Remove a channel."""
    channel = queries.channel_for(request.scope, channel_id)
    channels.remove(channel, actor=request.user)
    messages.success(request, _("Removed; its address is forgotten."))
    return redirect("alerts:channels")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, mail_id: int, signature: str) -> HttpResponse:
    """Show what a mail is about, or take an answer; no account is asked, no cookie read or set.

    Programs that look at links in mails open this page: looking changes nothing.
    """
    mail = by_link(mail_id, signature)
    if mail is None:
        return _private(render(request, "alerts/ended.html", status=410))
    form = None
    if request.method == "POST":
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return HttpResponseForbidden(_("Send this form from its own page."))
        form = AlertAnswerForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            attempt(
                form,
                lambda: answer_by_link(mail, said["alert"], said["answer"], said["remark"]),
            )
        if not form.errors:
            return _private(redirect("alert", mail_id, signature))
    machines, matters = answering.machines_of(mail), answering.matters_of(mail)
    context = {
        "mail": mail,
        "machines": machines[: answering.MOST_SHOWN],
        "more": max(0, len(machines) - answering.MOST_SHOWN),
        "matters": matters[: answering.MOST_SHOWN],
        "steps": at_once(mail.node.unit.machine_place, "en" if get_language() == "en" else "vi"),
        "answers": OF_MACHINE,
        "answers_to_matters": OF_MATTER,
        "form": form,
    }
    status = 422 if form is not None else 200
    return _private(render(request, "alerts/answer.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address of the page, which is a secret, from other sites and search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
