"""Passwords made of what anybody can guess: the unit's name, the own address (A10)."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit

LEAST_LEFT = 8
_ALWAYS = ("quetsach", "quet sach", "matkhau", "mat khau", "password", "ubnd", "hdnd")
_YEAR = re.compile(r"(19|20)\d\d")


class OwnWordsValidator:
    """Refuses a password of which little is left without the words of unit, name and address."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Errors: ValidationError."""
        if user is None:
            return
        texts = [user.email, user.name]
        if user.pk:
            held = OrgUnit.objects.filter(assignments__user_id=user.pk)
            texts += [text for pair in held.values_list("name", "code") for text in pair]
        refuse_own_words(password, texts)

    def get_help_text(self) -> str:
        """Return what the rule asks for."""
        return _("Not made of the name of your unit, your own name or your e-mail address.")


def refuse_own_words(password: str, texts: Iterable[str]) -> None:
    """Errors: ValidationError when `password` is little more than words of `texts`."""
    remainder = _YEAR.sub("", _letters(password))
    words = {word for text in (*texts, *_ALWAYS) for word in _words(text)}
    for word in sorted(words, key=lambda one: (-len(one), one)):
        remainder = remainder.replace(word, "")
    if len(remainder) < LEAST_LEFT:
        raise ValidationError(
            _(
                "This password consists mainly of the name of your unit, your own name or your "
                "e-mail address. Add a few unrelated words."
            ),
            code="own_words",
        )


def _words(text: str) -> list[str]:
    folded = _folded(text)
    return [word for word in re.split(r"[^a-z0-9]+", folded) if len(word) >= 2]


def _letters(text: str) -> str:
    # A pass phrase in another script keeps its letters; only signs and gaps go.
    return "".join(sign for sign in _folded(text) if sign.isalnum())


def _folded(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    return "".join(sign for sign in split if not unicodedata.combining(sign))
