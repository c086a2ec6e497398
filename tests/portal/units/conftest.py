"""A form with fields of units, and an event of the tree done by two people."""

from typing import Any

import pytest

from quetsach_portal.units.demo import load_tra_cu
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.unit_fields import offer_units
from tests.portal.register.tree_events import done, second
from tests.portal.units.unit_forms import Form

__all__ = ["done", "second"]


@pytest.fixture
def filled(db: None) -> Any:
    """Return what makes the form of what was written, over the demo district."""
    load_tra_cu()

    def make(**written: str) -> Form:
        form = Form({name.replace("_", "-"): text for name, text in written.items()})
        offer_units(form, OrgUnit.objects.exclude(code="HU"), "/find")
        return form

    return make
