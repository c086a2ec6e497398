"""A change of the page's addresses, proposed."""

from quetsach_portal.publishing import actions
from quetsach_portal.publishing.models import ChangeState, PageChange
from tests.portal.access.publishing import SAID

OTHER = {**SAID, "title": "Đợt hai", "address": "https://khac.example", "domains": []}


def proposed(world, owner) -> PageChange:
    actions.save_page(world.campaign, OTHER, actor=owner)
    return PageChange.objects.get(state=ChangeState.WAITING)
