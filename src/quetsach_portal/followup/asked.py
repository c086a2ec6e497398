"""What the address of a page asks for; a number that makes no sense counts as not asked."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Campaign, Phase
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.web.days import PastDay

MOST_CHOSEN = 5000


def number_in(text: str) -> int | None:
    """Return the number that `text` is, None where it is none that a row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def node_in(request: HttpRequest) -> int | None:
    """Return the unit whose children are asked for."""
    return number_in(request.GET.get("under", ""))


def phase_in(request: HttpRequest, campaign: Campaign) -> Phase | None:
    """Return the phase that is asked for, else the one that is open."""
    asked = request.POST.get("phase", "") or request.GET.get("phase", "")
    number = number_in(asked)
    if number is None:
        return current_phase(campaign)
    return Phase.objects.filter(campaign=campaign, no=number).first() or current_phase(campaign)


def day_in(request: HttpRequest, label: str = "") -> PastDay:
    """Return the past day as of which figures are asked for, with what is wrong with it."""
    return PastDay(request.GET, label or _("As it stood at the end of the day"))


def chosen_in(request: HttpRequest) -> list[int] | None:
    """Return the units that were ticked, None where all silent ones are meant."""
    if request.POST.get("whom") != "chosen":
        return None
    numbers = [number_in(one) for one in request.POST.getlist("unit")[:MOST_CHOSEN]]
    return [one for one in numbers if one is not None]
