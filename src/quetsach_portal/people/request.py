"""The request of somebody who is signed in."""

from django.http import HttpRequest

from quetsach_portal.people.models import User


class Request(HttpRequest):
    """What `login_required` hands to a view."""

    user: User
