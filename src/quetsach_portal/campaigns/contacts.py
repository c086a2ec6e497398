"""Which units of a campaign can be reached by mail, and what is wrong with the others."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from quetsach_portal.campaigns.models import COUNTED, Campaign, CampaignNode
from quetsach_portal.units.models import Contact

ENOUGH_PERCENT = 95
"""A campaign starts when so many of a hundred units have a contact that can be used."""


@dataclass(frozen=True)
class Health:
    """How many units there are, and how many can be reached."""

    units: int
    reachable: int

    @property
    def is_enough(self) -> bool:
        """True when at least 95 of 100 units can be reached."""
        return self.units > 0 and 100 * self.reachable >= ENOUGH_PERCENT * self.units


def usable() -> QuerySet[Contact]:
    """Return the contacts that mail may go to today."""
    today = timezone.localdate()
    return Contact.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        valid_from__lte=today,
        disabled_reason="",
        mail__contains="@",
    )


def with_contact(campaign: Campaign) -> QuerySet[CampaignNode]:
    """Return the units of `campaign`, each with `state_of_contact`: ok, off or none."""
    held = Contact.objects.filter(unit_id=OuterRef("unit_id"))
    return CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED).annotate(
        state_of_contact=Case(
            When(Exists(usable().filter(unit_id=OuterRef("unit_id"))), then=Value("ok")),
            When(Exists(held.exclude(disabled_reason="")), then=Value("off")),
            default=Value("none"),
            output_field=CharField(),
        )
    )


def health(campaign: Campaign) -> Health:
    """Return how many units can be reached. Cost: two counts over the campaign's units."""
    units = with_contact(campaign)
    return Health(units.count(), units.filter(Q(state_of_contact="ok")).count())


def addresses_of(node: CampaignNode) -> list[str]:
    """Return the addresses of `node` that mail may go to, receivers first."""
    rows = usable().filter(unit_id=node.unit_id).order_by("pk")
    ordered = sorted(rows, key=lambda one: one.role != "receiver")
    return list(dict.fromkeys(one.mail for one in ordered if is_address(one.mail)))


def is_address(text: str) -> bool:
    """True when `text` can stand in a mail's To line."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isprintable()
