"""Pages: the handouts of a unit, and the editions of its campaign."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.participation.handouts import editions, queries
from quetsach_portal.participation.handouts.editions import ending
from quetsach_portal.participation.handouts.giver import LANGUAGE_NAMES, HandoutKind, name_of
from quetsach_portal.participation.models import JoinKind
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.request import PortalRequest

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import CampaignNode


class PullForm(forms.Form):
    """Kind, language and audience of a handout; each has a default."""

    kind = forms.ChoiceField(label=_lazy("Material"))
    language = forms.ChoiceField(
        label=_lazy("Language"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.RadioSelect,
        initial="vi",
        help_text=_lazy(
            "The Khmer texts have not been reviewed by a native speaker yet; each sheet says so."
        ),
    )
    audience = forms.ChoiceField(
        label=_lazy("Group counted by its QR code"),
        choices=JoinKind.choices,
        widget=forms.RadioSelect,
        initial=JoinKind.PUBLIC,
        help_text=_lazy("Staff for posters in the office; residents for everywhere else."),
    )

    def __init__(self, *args: object, **named: object) -> None:
        """Name the kinds in the reader's language."""
        super().__init__(*args, **named)  # type: ignore[arg-type]  # Django's own arguments
        shown_in = page_language()
        self.fields["kind"].choices = [(kind, name_of(kind, shown_in)) for kind in HandoutKind]  # type: ignore[attr-defined]

    def choice(self) -> tuple[HandoutKind, str, JoinKind]:
        """Return what was chosen."""
        chosen = self.cleaned_data
        return HandoutKind(chosen["kind"]), chosen["language"], JoinKind(chosen["audience"])


def page_language() -> str:
    """Return the language in which this page names things."""
    return "en" if get_language() == "en" else "vi"


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the unit's page of materials, or the one that was asked for."""
    if request.method != "POST":
        return _page(request, node_for(request.scope, node_id), PullForm())
    node, form = queries.own_node(request.scope, node_id), PullForm(request.POST)
    if form.is_valid():
        kind, language, audience = form.choice()
        material = attempt(
            form, lambda: editions.pull(node, kind, language, audience=audience, actor=request.user)
        )
        if material is not None:
            return _file(material.name, material.content, material.content_type)
    return _page(request, node, form, status=422)


@require_safe
def edition(request: PortalRequest, version_id: int) -> HttpResponse:
    """Return an edition as the campaign as a whole hands it out, an earlier one too."""
    edition = queries.version(request.scope, version_id)
    end = ending(HandoutKind(edition.kind))
    content_type = "application/pdf" if end == "pdf" else "text/plain; charset=utf-8"
    return _file(
        f"{edition.kind}-{edition.language}-b{edition.number}.{end}",
        bytes(edition.content),
        content_type,
    )


def _page(
    request: PortalRequest, node: "CampaignNode", form: PullForm, status: int = 200
) -> HttpResponse:
    shown_in = page_language()
    own = queries.own_pulls(node, shown_in)
    context = {
        "node": node,
        "form": form,
        "pulls": queries.pulls(request.scope, node),
        "own": own,
        "all": queries.together(own),
        "below": queries.pulls_below(node) if queries.sees_below(request.scope, node) else (),
        "editions": queries.editions(node.campaign, shown_in),
    }
    return render(request, "handouts/index.html", context, status=status)


def _file(name: str, content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
