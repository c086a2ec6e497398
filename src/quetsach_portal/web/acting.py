"""Run an act from a form: what it refuses stands beside the field, and nothing else was changed."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from quetsach_portal.web.problems import Refused

Result = TypeVar("Result")


def attempt(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """Return what `act` returns, or None after adding what it refused to the errors of `form`."""
    try:
        return act()
    except Refused as refused:
        # An act serves several forms: what it says of a field that this one lacks is of the whole.
        form.add_error(refused.field if refused.field in form.fields else None, refused.told)
        return None


def succeeds(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run `act` when `form` is valid; True when it was and nothing was refused."""
    if not form.is_valid():
        return False
    attempt(form, act)
    return not form.errors
