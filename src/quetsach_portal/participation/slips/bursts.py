"""What of the pressed slips is proposed for the report, and the bursts that wait for a person.

A person with a stack of slips can press them all. Two rules see it by the numbers alone: more than
a quarter of the staff in one hour (the size), or five times what the unit usually presses in an
hour (the habit). Such an hour is left out of the proposal until a named person says why it is
right: a meeting at which all pressed looks the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.participation.models import ConfirmedBurst, SlipHour, SlipLot
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

FEWEST = 5
"""Fewer presses in an hour are never a burst: four colleagues at one table."""

SHARE = 4
"""More than a quarter of the staff in one hour is a burst by the size of the unit."""

OF_UNKNOWN = 10
"""More in one hour are a burst where the register does not know the staff."""

HABIT_HOURS, TIMES_HABIT = 3, 5
"""From so many earlier hours with presses there is a habit; so many times it is a burst."""


@dataclass(frozen=True)
class PressedHour:
    """One hour in which slips of a unit were pressed.

    Shapes: `size_limit` is what the size of the unit allows; `habit` is the median of the earlier
    hours with presses, None where there are too few. `confirmed` is a person's word that covers
    all presses of this hour.
    """

    hour: datetime
    pressed: int
    size_limit: int
    habit: float | None = None
    confirmed: ConfirmedBurst | None = None

    @property
    def is_over_size(self) -> bool:
        """True for more than the size of the unit lets expect."""
        return self.pressed >= FEWEST and self.pressed > self.size_limit

    @property
    def is_over_habit(self) -> bool:
        """True for far more than this unit usually presses in an hour."""
        usual = self.habit
        return self.pressed >= FEWEST and usual is not None and self.pressed > TIMES_HABIT * usual

    @property
    def is_burst(self) -> bool:
        """True for a burst by either rule."""
        return self.is_over_size or self.is_over_habit

    @property
    def counts(self) -> bool:
        """True when its presses are in the proposal."""
        return not self.is_burst or self.confirmed is not None


@dataclass(frozen=True)
class SlipFigures:
    """What the slips of one unit say. Shapes: `proposed` + `left_out` + `struck` = `pressed`."""

    printed: int
    pressed: int
    proposed: int
    left_out: int
    struck: int


def pressed_hours(node: CampaignNode) -> Sequence[PressedHour]:
    """Return the hours in which slips of `node` were pressed, oldest first, struck lots apart.

    Cost: two queries; a row for each lot and hour.
    """
    rows = SlipHour.objects.filter(lot__node=node, lot__struck_at__isnull=True)
    by_hour: defaultdict[datetime, int] = defaultdict(int)
    for hour, pressed in rows.values_list("hour", "pressed"):
        by_hour[hour] += pressed
    words = {word.hour: word for word in node.slip_bursts.select_related("by")}
    size_limit = node.staff // SHARE if node.staff else OF_UNKNOWN
    hours, before = [], list[int]()
    for hour, pressed in sorted(by_hour.items()):
        habit = median(before) if len(before) >= HABIT_HOURS else None
        word = words.get(hour)
        covers = word is not None and word.pressed >= pressed
        hours.append(PressedHour(hour, pressed, size_limit, habit, word if covers else None))
        before.append(pressed)
    return hours


def slip_figures(node: CampaignNode) -> SlipFigures | None:
    """Return what the slips of `node` say, None where it printed none. Cost: four queries."""
    lots = list(node.slip_lots.values_list("size", "revoked_at"))
    if not lots:
        return None
    hours = pressed_hours(node)
    proposed = sum(hour.pressed for hour in hours if hour.counts)
    left_out = sum(hour.pressed for hour in hours if not hour.counts)
    struck = sum(
        SlipHour.objects.filter(lot__node=node, lot__struck_at__isnull=False).values_list(
            "pressed", flat=True
        )
    )
    pressed = proposed + left_out + struck
    return SlipFigures(sum(size for size, _at in lots), pressed, proposed, left_out, struck)


def confirm(node: CampaignNode, hour: datetime, expected: int, reason: str, *, actor: User) -> None:
    """Keep the word of `actor` that the `expected` presses of `hour` were people.

    Errors: Refused without a reason, for an hour that needs none, and where more came meanwhile.
    """
    if not reason.strip():
        raise Refused(_("Say why so many pressed in this hour, such as a meeting."))
    with transaction.atomic():
        # No press comes in between: the word covers what the person saw, and no more.
        list(SlipLot.objects.select_for_update().filter(node=node).order_by("pk"))
        burst = next((one for one in pressed_hours(node) if one.hour == hour), None)
        if burst is None or burst.counts:
            raise Refused(_("Nothing of this hour waits for a confirmation."))
        if burst.pressed != expected:
            raise Refused(_("More slips were pressed meanwhile. Look at the number once more."))
        record(
            "participation.burst_confirmed",
            actor=actor,
            kind="node",
            object_id=node.pk,
            unit_path=node.unit.path,
            detail={
                "from": hour.isoformat(),
                "count": burst.pressed,
                "reason": reason.strip()[:300],
            },
        )
        ConfirmedBurst.objects.update_or_create(
            node=node,
            hour=hour,
            defaults={"pressed": burst.pressed, "reason": reason.strip()[:300], "by": actor},
        )
