"""Forms and pages for the catalogue of tools."""

import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import leads_it, own_campaign
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.publishing import access
from quetsach_portal.publishing.models import PublicTool
from quetsach_portal.publishing.tools import actions, queries
from quetsach_portal.publishing.tools.file import has_key
from quetsach_portal.publishing.tools.queries import flaw_of
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest

PLATFORMS = (
    ("windows", "Windows"),
    ("android", "Android"),
    ("router", _lazy("Routers, modems")),
    ("camera", _lazy("Cameras, recorders")),
    ("macos", "macOS"),
    ("ios", "iPhone, iPad"),
    ("server", _lazy("Servers")),
)
LANGUAGES = (("vi", _lazy("Vietnamese")), ("en", _lazy("English")), ("km", _lazy("Khmer")))
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ToolForm(forms.Form):
    """One file of one version of a tool."""

    name = forms.CharField(label=_lazy("Name of the tool"), max_length=120)
    maker = forms.CharField(label=_lazy("Maker"), max_length=120)
    version = forms.CharField(label=_lazy("Version"), max_length=40)
    address = forms.CharField(
        label=_lazy("Official address"),
        max_length=400,
        help_text=_lazy("The maker's own page, starting with https://. No short links."),
    )
    file = forms.CharField(
        label=_lazy("Name of the file"), max_length=160, help_text=_lazy("As downloaded.")
    )
    sha256 = forms.CharField(
        label=_lazy("SHA-256 of the file"),
        max_length=160,
        help_text=_lazy(
            "64 digits and letters a to f. Download the file yourself from the official address "
            "and compute it: certutil -hashfile FILE SHA256."
        ),
    )
    purpose_vi = forms.CharField(label=_lazy("Purpose in Vietnamese"), max_length=300)
    purpose_en = forms.CharField(label=_lazy("Purpose in English"), max_length=300)
    purpose_km = forms.CharField(label=_lazy("Purpose in Khmer"), max_length=300, required=False)
    platforms = forms.MultipleChoiceField(
        label=_lazy("Runs on"), choices=PLATFORMS, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_lazy("Languages of the tool"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    offline = forms.BooleanField(label=_lazy("Works without the Internet"), required=False)
    free = forms.BooleanField(
        label=_lazy("It is free of charge"),
        help_text=_lazy("The campaign lists free tools only."),
        error_messages={"required": _lazy("Only free tools are listed.")},
    )

    def clean_sha256(self) -> str:
        """Return the digest as 64 lower-case hex digits."""
        text = "".join(self.cleaned_data["sha256"].split()).lower()
        if not _DIGEST.fullmatch(text):
            raise forms.ValidationError(
                _("A SHA-256 has 64 digits and letters a to f; this has %(count)s characters.")
                % {"count": len(text)}
            )
        return text

    def clean_address(self) -> str:
        """Return the address of the maker's own page."""
        text: str = self.cleaned_data["address"].strip()
        flaw = flaw_of(text)
        if flaw:
            raise forms.ValidationError(flaw)
        return text

    def clean(self) -> dict[str, Any]:
        """Return the cleaned fields; no text has signs that cannot be shown."""
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and not value.isprintable():
                self.add_error(name, _("The text contains characters that cannot be displayed."))
        if "android" in cleaned.get("platforms", ()) and cleaned.get("file", "").lower().endswith(
            ".apk"
        ):
            self.add_error("file", _("No APK files: for Android list only apps from Google Play."))
        return cleaned

    def tool_fields(self) -> dict[str, Any]:
        """Return the fields of an entry."""
        fields = dict(self.cleaned_data)
        fields.pop("free")
        fields["purpose"] = {
            language: fields.pop(f"purpose_{language}") for language in ("vi", "en", "km")
        }
        return fields


class WithdrawToolForm(forms.Form):
    """Why a tool is withdrawn."""

    reason = forms.CharField(
        label=_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


def like(tool: PublicTool) -> dict[str, Any]:
    """Return what the form for a new version begins with; version, file and digest are new."""
    names = ("name", "maker", "address", "platforms", "languages", "offline")
    purposes = {f"purpose_{one}": text for one, text in tool.purpose.items()}
    return {name: getattr(tool, name) for name in names} | purposes | {"free": True}


@require_safe
def index(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the entries, published and not, with all versions."""
    campaign = own_campaign(request.scope, campaign_id)
    context = {
        "campaign": campaign,
        "page": page_of(queries.tools_of(campaign), request),
        "prepares": access.prepares(request.scope, campaign),
        "leads": leads_it(request.scope, campaign),
        "has_key": has_key(),
    }
    return render(request, "publishing/tools.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Write an entry, new or a new version of one."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    old = queries.older(campaign, request.GET.get("of", ""))
    form = ToolForm(request.POST or None, initial=like(old) if old else {})
    if succeeds(
        form, lambda: actions.draft(campaign, form.tool_fields(), replaces=old, actor=request.user)
    ):
        return redirect("publishing:tools", campaign.pk)
    return render(request, "publishing/tool.html", {"campaign": campaign, "form": form, "old": old})


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PortalRequest, tool_id: int) -> HttpResponse:
    """Look at an entry; an owner who did not write it publishes it."""
    tool = access.tool_to_prepare(request.scope, tool_id)
    if request.method == "POST":
        tool = access.tool_to_decide(request.scope, tool_id)
        run_with_message(
            request,
            lambda: actions.publish(tool, actor=request.user),
            done=_("The tool is in the catalogue, which is being signed and written."),
        )
        return redirect("publishing:tools", tool.campaign_id)
    context = {
        "campaign": tool.campaign,
        "tool": tool,
        "is_writer": tool.drafted_by_id == request.user.pk,
        "leads": leads_it(request.scope, tool.campaign),
    }
    return render(request, "publishing/publish_tool.html", context)


@require_POST
def drop(request: PortalRequest, tool_id: int) -> HttpResponse:
    """Leave an entry unpublished."""
    tool = access.tool_to_prepare(request.scope, tool_id)
    run_with_message(request, lambda: actions.drop(tool, actor=request.user))
    return redirect("publishing:tools", tool.campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, tool_id: int) -> HttpResponse:
    """Take a tool out of the catalogue, with the reason."""
    tool = access.tool_to_decide(request.scope, tool_id)
    form = WithdrawToolForm(request.POST or None)
    if succeeds(form, lambda: actions.withdraw(tool, actor=request.user, **form.cleaned_data)):
        return redirect("publishing:tools", tool.campaign_id)
    context = {"campaign": tool.campaign, "tool": tool, "form": form}
    return render(request, "publishing/withdraw_tool.html", context)


@require_safe
def key(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the public key with which the catalogue is verified."""
    own_campaign(request.scope, campaign_id)
    response = HttpResponse(queries.key(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="tools.pub.pem"'
    return response
