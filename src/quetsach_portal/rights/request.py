"""The request as our views see it: signed in, with its scope."""

from django.http import HttpRequest

from quetsach_portal.people.models import User
from quetsach_portal.rights.scope import Scope


class Request(HttpRequest):
    """What the middleware hands to a view."""

    user: User
    scope: Scope
