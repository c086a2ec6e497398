"""Say above the next page what an act did, or why it refused."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from quetsach_portal.web.problems import Refused


def say(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Run `act` and show the text that it returns; False after showing why it refused."""
    try:
        messages.success(request, act())
    except Refused as refused:
        messages.error(request, refused.told)
        return False
    return True
