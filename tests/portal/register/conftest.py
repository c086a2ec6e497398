"""Two people of the lead office: an event done by both; the owner of the demo district."""

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.demo import load_tra_cu
from tests.portal.register.tree_events import done, second
from tests.portal.signing_in import signed_in
from tests.portal.world import make_user

__all__ = ["done", "second"]


@pytest.fixture
def district(db: None) -> Client:
    """The owner of the demo district's lead office, signed in."""
    units = load_tra_cu()
    return signed_in(make_user(units["TC"], Role.LEAD_OWNER))
