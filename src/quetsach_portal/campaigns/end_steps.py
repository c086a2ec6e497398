"""The steps of a campaign's end: what each stops and what goes on, said before it is taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.actions import life
from quetsach_portal.campaigns.models import Campaign, CampaignState
from quetsach_portal.people.models import User


@dataclass(frozen=True)
class Step:
    """A step: `name` goes along in its form, so that no press takes another than was shown."""

    name: str
    title: Promise
    button: Promise
    happens: Sequence[Promise]
    goes_on: Sequence[Promise]
    act: Callable[..., None]
    takes_away: bool = False


STEPS = {
    one.name: one
    for one in (
        Step(
            "begin",
            _lazy("Begin to close the campaign"),
            _lazy("Begin to close"),
            (
                _lazy("The codes of units count nobody any more, here and on the public page."),
                _lazy(
                    "Nobody is reminded of a deadline by the portal, and no office above is told "
                    "of a silent unit."
                ),
                _lazy("Nothing is added to the materials."),
            ),
            (
                _lazy("Receipts, deployments, evidence, cases and letters."),
                _lazy("Reports: who is late asks for more time first."),
                _lazy("The public page, until you close it."),
            ),
            life.begin_closing,
        ),
        Step(
            "close",
            _lazy("Close the campaign"),
            _lazy("Close the campaign"),
            (
                _lazy("The totals are final."),
                _lazy(
                    "No receipt, deployment, evidence, letter or change of the tree is taken any "
                    "more."
                ),
                _lazy("No more time can be given: reports that have not come count as missing."),
                _lazy("Devices get no new lists of harmful addresses, and no hand-outs are made."),
                _lazy("The 90 days begin after which personal data may be taken away."),
            ),
            (
                _lazy("Corrections and supplements: they never change what was signed."),
                _lazy("Cases that are open, and the public page, until you close it."),
            ),
            life.close,
        ),
        Step(
            "ask",
            _lazy("Ask for archiving"),
            _lazy("Ask for archiving"),
            (
                _lazy(
                    "A second owner in the lead office has to confirm on this page. Nothing goes "
                    "before that."
                ),
            ),
            (),
            life.ask_archive,
            takes_away=True,
        ),
        Step(
            "archive",
            _lazy("Confirm and archive"),
            _lazy("Archive the campaign"),
            (
                _lazy("What is listed below is taken away for good, for you as well."),
                _lazy("The public page of this campaign is closed, if it is shown."),
            ),
            (),
            life.archive,
            takes_away=True,
        ),
    )
}


def possible_from(campaign: Campaign) -> datetime | None:
    """Return the moment before which the next step cannot be taken, None where it can be now."""
    moment = {
        CampaignState.LIVE: life.closing_from,
        CampaignState.CLOSED: life.archive_from,
    }.get(CampaignState(campaign.state), lambda _campaign: None)(campaign)
    return moment if moment is not None and moment > timezone.now() else None


def next_step(campaign: Campaign, person: User) -> Step | None:
    """Return what `person` can do next to end `campaign`, None for nothing now."""
    if possible_from(campaign) is not None or campaign.archive_asked_by_id == person.pk:
        return None
    asked = campaign.archive_asked_by_id is not None
    names = {
        CampaignState.LIVE: "begin",
        CampaignState.CLOSING: "close",
        CampaignState.CLOSED: "archive" if asked else "ask",
    }
    return STEPS.get(names.get(CampaignState(campaign.state), ""))


class StepForm(forms.Form):
    """The press: the step that the person saw is the one that is taken."""

    step = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, sent: QueryDict | None, shown: Step) -> None:
        """Expect the press of `shown`."""
        # The field always bears the step of the page that is shown now.
        self._pressed = None if sent is None else sent.get("step")
        super().__init__(
            None if sent is None else {"step": shown.name}, initial={"step": shown.name}
        )
        self._shown = shown

    def clean(self) -> None:
        """Refuse the press of an older page."""
        if self._pressed != self._shown.name:
            raise forms.ValidationError(
                _(
                    "The campaign has moved on since this page was opened. Read what happens now, "
                    "and press again."
                )
            )
