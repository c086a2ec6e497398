"""What a view of the portal is handed."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.roles.scope import Scope


class PortalRequest(HttpRequest):
    """A request of somebody who has signed in, with what they may see today."""

    user: "User"
    scope: "Scope"
