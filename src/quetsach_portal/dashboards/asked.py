"""What the address of a page asks for; whatever makes no sense counts as not asked."""

from typing import TypeVar

from django.db import models
from django.http import HttpRequest

from quetsach_portal.dashboards.pages.ranking import DEVICES, By
from quetsach_portal.followup.asked import day_in, node_in, number_in, phase_in
from quetsach_portal.units.areas.read import YEARS, Year

__all__ = ["area_year_in", "by_in", "choices_of", "day_in", "node_in", "number_in", "phase_in"]

Choice = TypeVar("Choice", bound=models.TextChoices)


def by_in(request: HttpRequest, *, sees_devices: bool) -> By:
    """Return by what units are compared: by reports, where something else may not be seen."""
    asked = request.GET.get("by", "")
    found = By(asked) if asked in By.values else By.REPORTED
    return By.REPORTED if found in DEVICES and not sees_devices else found


def area_year_in(request: HttpRequest) -> Year | None:
    """Return the year whose national areas are asked for, None where another tree is."""
    asked = request.GET.get("tree", "")
    return next((year for year in YEARS if asked == f"areas-{year}"), None)


def choices_of(*, sees_devices: bool) -> list[By]:
    """Return what units can be compared by."""
    return [one for one in By if sees_devices or one not in DEVICES]
