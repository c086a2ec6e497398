"""A try to sign in at the directory: counted and written down as one with a password here is."""

import logging
import unicodedata

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.record import client_ip
from quetsach_portal.people.directory.accounts import (
    METHOD,
    address_for_trail,
    bound_to,
    directory_in_use,
    number_of,
)
from quetsach_portal.people.directory.answers import (
    DirectoryAnswer,
    DirectoryOutcome,
    written_name,
)
from quetsach_portal.people.login_delay import (
    FREE_TRIES_OF_ADDRESS,
    address_key,
    begins_to_wait,
    forgive,
    key_of,
    know_browser,
    take_back,
    take_try,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.sign_in_trail import note_failure

log = logging.getLogger(__name__)

AWAY = "directory_away"
"""The code of the error of a directory that does not do its part; nobody typed anything wrong."""


def sign_in_there(request: HttpRequest, login: str, password: str) -> DirectoryAnswer:
    """Return who proved there that they are `login`.

    Errors: ValidationError for everybody else, in the words for the page.
    """
    # With it ldap3 is loaded, which only portals with a directory need.
    from quetsach_portal.people.directory.asking import prove

    counted, here = _counted(login), address_key(client_ip.get())
    knows = key_of(counted, request.COOKIES) != key_of(counted, {})
    key = key_of(counted, request.COOKIES)
    if not take_try(key) or not (knows or take_try(here, FREE_TRIES_OF_ADDRESS)):
        raise get_adapter().validation_error("too_many_login_attempts")
    try:
        answer = prove(directory_in_use(), login, password)
    except QuetsachError as error:
        log.error("no sign-in by the directory: %s", error.problem.code, extra={"why": _why(error)})
        answer = None
    is_tried = answer is not None and answer.outcome is not DirectoryOutcome.BUSY
    is_right = answer is not None and answer.outcome is DirectoryOutcome.RIGHT
    if is_right:
        forgive(key)
    elif not is_tried:
        take_back(key)
    if (is_right or not is_tried) and not knows:
        take_back(here)
    if answer is None or not is_tried:
        raise ValidationError(_away(), code=AWAY)
    if not is_right:
        _refuse(answer, login, is_slowed=begins_to_wait(key))
    return answer


def confirm_there(request: HttpRequest, user: User, *, login: str, password: str) -> bool:
    """True when `password` is that of whom the directory knows as `login`, and they are `user`.

    Errors: ValidationError where it is not.
    """
    person = sign_in_there(request, login, password).person
    return person is not None and bound_to(number_of(directory_in_use(), person)) == user


def remember_browser(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Let this browser count by itself when somebody signs in as `login` there again."""
    know_browser(request, response, _counted(login))


def _counted(login: str) -> str:
    """Return the name under which tries count: never that of an account here.

    Active Directory takes a letter with and without its marks for one: each way of writing a name
    would have tries of its own.
    """
    letters = unicodedata.normalize("NFD", written_name(login).casefold().replace("đ", "d"))
    name = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f"{METHOD}:{name}"


def _why(error: QuetsachError) -> str:
    return str(error.problem.facts.get("reason", ""))[:200]


def _refuse(answer: DirectoryAnswer, login: str, *, is_slowed: bool) -> None:
    """Say no, and have it written down. Errors: ValidationError."""
    directory = directory_in_use()
    address = address_for_trail(directory, answer.person) or written_name(login)
    note_failure(address, METHOD, is_slowed=is_slowed)
    # Whom it is about stands in the trail alone.
    log.info("refused at the directory", extra={"why": answer.outcome})
    name = {"name": directory.name}
    if answer.outcome is DirectoryOutcome.NOT_IN_GROUP:
        words = _("%(name)s knows you, and does not let you use this portal. Ask who manages it.")
    elif answer.outcome is DirectoryOutcome.WITHOUT_ID:
        words = _("%(name)s keeps no lasting number of your account. Ask who manages it.")
    else:
        words = _(
            "The user name or the password is not right, or %(name)s does not let this account in. "
            "If your password there is over, change it there first."
        )
    raise ValidationError(words % name, code=answer.outcome)


def _away() -> str:
    return _(
        "%(name)s does not answer at the moment. Try again in a few minutes. Who has a password of "
        "this portal can sign in with it."
    ) % {"name": directory_in_use().name}
