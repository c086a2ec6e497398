"""Run an act from a button without a form: what it refuses is told on the next page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from quetsach_portal.web.problems import Refused


def told_or_refused(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Run `act`; tell `done`, or what was refused, on the page that comes next."""
    try:
        act()
    except Refused as refused:
        messages.warning(request, refused.told)
        return False
    if done:
        messages.success(request, done)
    return True
