"""Run an act from a form or button; a refusal stands beside the field or on the next page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

UNDO = timedelta(minutes=30)
"""For so long what was sent, accepted or asked to be mailed is undone without a reason."""


def undo_until(done_at: datetime) -> datetime | None:
    """Return until when what was done at `done_at` can be undone, None where that is over."""
    until = done_at + UNDO
    return until if timezone.now() < until else None


class Refused(Exception):
    """An act is not possible as asked; the text is shown to the person, and nothing was changed.

    `field` names the form field it is about, "" for the whole.
    """

    def __init__(self, told: str, *, field: str = "") -> None:
        super().__init__(told)
        self.told = told
        self.field = field


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


def run_with_message(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Run `act`; tell `done`, or what was refused, on the page that comes next."""
    try:
        act()
    except Refused as refused:
        messages.warning(request, refused.told)
        return False
    if done:
        messages.success(request, done)
    return True


def run_and_show(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Run `act` and show the text that it returns; False after showing why it refused."""
    try:
        messages.success(request, act())
    except Refused as refused:
        messages.error(request, refused.told)
        return False
    return True
