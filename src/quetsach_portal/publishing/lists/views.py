"""Pages of the lists: hand in, compare, take over."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.files.views import FileFieldForm
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.publishing import access
from quetsach_portal.publishing.lists import actions, queries
from quetsach_portal.publishing.models import ListKind
from quetsach_portal.web.acts import attempt, run_with_message
from quetsach_portal.web.request import PortalRequest

_ABOUT = {
    ListKind.LISTED: _lazy(
        "Addresses at which malware was seen: a notice of the authority, or a CSV file with the "
        "columns time, address and malware (timestamp, ip, infection)."
    ),
    ListKind.RANGES: _lazy(
        "The file of the registry (delegated-apnic-latest), of which the rows of the country are "
        "used; or a CSV file with one network per line."
    ),
    ListKind.SHARED: _lazy(
        "A CSV file: network, then the reason why it is shared (carrier-grade NAT, mobile "
        "network, VPN). Visitors from there are told that no answer is possible."
    ),
}


class PublicListForm(FileFieldForm):
    """A file, what it is called, and of a registry's file which country."""

    name = forms.CharField(label=_lazy("Name of the list"), max_length=120, required=False)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_lazy("Country (two letters)"),
        initial="VN",
        required=False,
        widget=forms.TextInput(attrs={"size": 4}),
    )

    def __init__(self, *args: Any, kind: ListKind, **named: Any) -> None:
        super().__init__(*args, **named)
        self.about = _ABOUT[kind]
        if kind is not ListKind.RANGES:
            del self.fields["country"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned fields; a registry's file needs its country."""
        cleaned = super().clean()
        if "country" in self.fields and not self.errors and not cleaned.get("country"):
            self.add_error("country", _("Enter the country, for example VN."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: PortalRequest, campaign_id: int, kind: str) -> HttpResponse:
    """Hand in a list."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    list_kind = access.kind_of_list(kind)
    form = PublicListForm(
        request.POST or None,
        request.FILES or None,
        kind=list_kind,
        purpose=actions.PURPOSE,
        owner_path=campaign.lead_unit.path,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        public_list = attempt(
            form,
            lambda: actions.hand_in(
                campaign,
                list_kind,
                form.given(),
                name=cleaned["name"],
                country=cleaned.get("country", ""),
                actor=request.user,
            ),
        )
        if public_list is not None:
            return redirect("publishing:list", public_list.pk)
    context = {"campaign": campaign, "form": form, "kind": list_kind}
    return render(request, "publishing/hand_in.html", context)


@require_safe
def show(request: PortalRequest, list_id: int) -> HttpResponse:
    """Return what came out of a list, and what differs from the one in use."""
    public_list = access.list_to_see(request.scope, list_id)
    return render(request, "publishing/list.html", queries.page_of(request.scope, public_list))


@confirmed_recently
@require_POST
def take(request: PortalRequest, list_id: int) -> HttpResponse:
    """Use this list for the table."""
    public_list = access.list_to_decide(request.scope, list_id)
    run_with_message(
        request,
        lambda: actions.take_over(public_list, actor=request.user),
        done=_("The list is in use. The table is being written."),
    )
    return redirect("publishing:list", public_list.pk)


@require_POST
def drop(request: PortalRequest, list_id: int) -> HttpResponse:
    """Leave a list unused."""
    public_list = access.list_to_decide(request.scope, list_id)
    run_with_message(request, lambda: actions.drop(public_list, actor=request.user))
    return redirect("publishing:index", public_list.campaign_id)
