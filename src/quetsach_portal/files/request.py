"""The request as the views of files see it: somebody has signed in."""

from django.http import HttpRequest

from quetsach_portal.people.models import User


class Request(HttpRequest):
    """What the middleware hands to a view."""

    user: User
