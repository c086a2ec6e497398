"""Pages of the texts: review a translation, hand in, hear and publish recordings."""

from django import forms
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import leads_it, own_campaign
from quetsach_portal.files.storage import path_of
from quetsach_portal.files.views import FileFieldForm
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.publishing import access
from quetsach_portal.publishing.spoken import actions, queries
from quetsach_portal.web.acts import attempt, run_with_message
from quetsach_portal.web.request import PortalRequest
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.recordings import KINDS, SPOKEN_TEXTS, spoken_words
from quetsach_public.pages.reviews import REVIEWED

_MARK = "text:"


class RecordingForm(FileFieldForm):
    """A recording, and whether a machine reads it."""

    is_machine = forms.BooleanField(
        label=_lazy("A machine's voice (for trial only; marked so on the page)"), required=False
    )


@require_safe
def texts(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the parts of the translation with what is signed, and the texts that can be heard."""
    campaign = own_campaign(request.scope, campaign_id)
    context = {
        "campaign": campaign,
        "languages": [(one, queries.sections(campaign, one)) for one in REVIEWED],
        "states": queries.states(campaign),
        "spoken": queries.spoken_texts(campaign),
        "prepares": access.prepares(request.scope, campaign),
        "leads": leads_it(request.scope, campaign),
        "user_id": request.user.pk,
    }
    return render(request, "publishing/texts.html", context)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PortalRequest, campaign_id: int, language: str, part: str) -> HttpResponse:
    """Read a part of a translation beside its source, and sign what is right."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    parts = queries.sections(campaign, language) if language in REVIEWED else ()
    section = next((one for one in parts if one.name == part), None)
    if section is None:
        raise Http404
    if request.method == "POST":
        digests = {
            name.removeprefix(_MARK): str(digest)
            for name, digest in request.POST.items()
            if name.startswith(_MARK)
        }
        name = request.POST.get("signed_name", "")
        run_with_message(
            request,
            lambda: actions.sign(campaign, language, digests, name=name, actor=request.user),
            done=_("Signed. The page is being written."),
        )
        return redirect("publishing:texts", campaign.pk)
    context = {"campaign": campaign, "language": language, "section": section, "mark": _MARK}
    return render(request, "publishing/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: PortalRequest, campaign_id: int, key: str, language: str) -> HttpResponse:
    """Hand in a recording of a text."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    if key not in SPOKEN_TEXTS or language not in LANGUAGES:
        raise Http404
    form = RecordingForm(
        request.POST or None,
        request.FILES or None,
        purpose=actions.PURPOSE,
        owner_path=campaign.lead_unit.path,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        recording = attempt(
            form,
            lambda: actions.hand_in(
                campaign,
                key,
                language,
                form.given(),
                actor=request.user,
                is_machine=form.cleaned_data["is_machine"],
            ),
        )
        if recording is not None:
            return redirect("publishing:texts", campaign.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "title": queries.TITLES[key],
        "language": language,
        "words": spoken_words(key, language).split("\n"),
    }
    return render(request, "publishing/record.html", context)


@require_safe
def hear(request: PortalRequest, recording_id: int) -> HttpResponseBase:
    """Return a recording to be heard."""
    recording = access.recording_to_hear(request.scope, recording_id)
    return FileResponse(path_of(recording.stored).open("rb"), content_type=KINDS[recording.ending])


@confirmed_recently
@require_POST
def publish(request: PortalRequest, recording_id: int) -> HttpResponse:
    """Let everybody hear a recording."""
    recording = access.recording_to_decide(request.scope, recording_id)
    run_with_message(
        request,
        lambda: actions.publish(recording, actor=request.user),
        done=_("Published. The page is being written."),
    )
    return redirect("publishing:texts", recording.campaign_id)


@require_POST
def end(request: PortalRequest, recording_id: int) -> HttpResponse:
    """Withdraw or reject a recording."""
    recording = access.recording_to_decide(request.scope, recording_id)
    run_with_message(request, lambda: actions.end(recording, actor=request.user))
    return redirect("publishing:texts", recording.campaign_id)
