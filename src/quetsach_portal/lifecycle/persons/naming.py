"""Whether a text names a person: by the mail address, or by the whole name."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgName, OrgUnit, UnitContact

GONE = "[đã xóa]"
"""Stands where a name or an address was: Vietnamese for "erased"."""

_NOWHERE = "@erased.invalid"
_BLOCK = 1 << 20

_TITLE = re.compile(r"^(?:ông|bà|anh|chị|cô|đồng chí|đ/c)[.:]? ")
_LETTER, _JOINT = r"[^\W\d_]", r"[ .'’-]"
"""A name goes on where a letter follows it, or stands before it, behind one sign."""


@dataclass(frozen=True)
class PersonNames:
    """What names somebody: `emails` in lower case; `name` is "" where it is not looked for.

    A name of one word, or one that stands in the name of another account, contact or unit, could be
    somebody else's.
    """

    account: int
    emails: tuple[str, ...]
    name: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What matches each of them in a text, and in no longer word."""
        names = {unicodedata.normalize(form, self.name) for form in ("NFC", "NFD")} - {""}
        words = [r"\s+".join(map(re.escape, name.split())) for name in sorted(names)]
        mails = [rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)" for email in self.emails]
        whole = [rf"(?<!\w){word}(?!\w)" for word in words]
        return re.compile("|".join((*mails, *whole)), re.IGNORECASE)

    @property
    def gone_address(self) -> str:
        """The address that an erased account has: it leads nowhere (RFC 2606)."""
        return f"da-xoa-{self.account}{_NOWHERE}"


def named_person(user: User) -> PersonNames:
    """Return what names `user` in texts."""
    others = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    known = {email.lower() for email in (user.email, *others)}
    # An account that was erased before: what stands in its place names nobody.
    emails = tuple(sorted(email for email in known if not email.endswith(_NOWHERE)))
    return PersonNames(user.pk, emails, user.name if _is_only_theirs(user, emails) else "")


def _is_only_theirs(user: User, emails: tuple[str, ...]) -> bool:
    """Return whether a text with the name cannot mean somebody else, as far as is known here.

    Cost: one pass over the names of accounts, contacts and units.
    """
    name = _folded(user.name)
    if len(name.split()) < 2:
        return False
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    if any(name in text and whole.search(text) for text in map(_folded, _other_names(user))):
        return False
    longer = re.compile(
        rf"{_LETTER}{_JOINT}{re.escape(name)}(?!\w)|(?<!\w){re.escape(name)}{_JOINT}{_LETTER}"
    )
    offices = set(user.assignments.values_list("unit_id", flat=True))
    contacts = UnitContact.objects.exclude(person="")
    for unit_id, mail, person in contacts.values_list("unit_id", "mail", "person").iterator():
        text = _TITLE.sub("", _folded(person))
        if mail.lower() in emails or name not in text:
            continue
        # A contact of the person's own office with the very name is the person.
        if (longer if unit_id in offices else whole).search(text):
            return False
    return True


def _other_names(user: User) -> Iterator[str]:
    accounts = User.objects.exclude(pk=user.pk).exclude(name="")
    yield from accounts.values_list("name", flat=True).iterator()
    units = OrgUnit.objects.values_list("name", "short_name").iterator()
    past = OrgName.objects.values_list("full_name", "short_name").iterator()
    for names in chain(units, past):
        yield from names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def rows_naming(
    person: PersonNames, model: type[models.Model], fields: Mapping[str, Any]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield number and values of each row whose texts name the person: those that do, by name.

    Cost: one pass over the table by the database; what it finds is looked at again here.
    """
    if not person.emails and not person.name:
        return
    columns = {
        f"{field.name}_as_text": Cast(field.name, models.TextField()) for field in fields.values()
    }
    condition = Q()
    for column in columns:
        condition |= _roughly(person, column)
    rows = model._base_manager.annotate(**columns).filter(condition).order_by("pk")
    names = [field.name for field in fields.values()]
    for row_id, *values in rows.values_list("pk", *names).iterator(chunk_size=500):
        naming = {
            name: content
            for name, content in zip(fields, values, strict=True)
            if any(person.pattern.search(text) for text in _texts_in(content))
        }
        if naming:
            yield row_id, naming


def _roughly(person: PersonNames, column: str) -> Q:
    condition = Q()
    for email in person.emails:
        condition |= Q(**{f"{column}__icontains": email})
    # In each writing: SQLite folds ASCII alone, and keeps JSON with escapes.
    for variant in _writings(person.name):
        condition |= Q(**{f"{column}__contains": variant})
        condition |= Q(**{f"{column}__contains": json.dumps(variant)[1:-1]})
    return condition


def _writings(name: str) -> set[str]:
    # The longest word is enough to look closer; a line break may stand between two.
    longest = max(name.split(), key=len, default="")
    cased = {longest, longest.upper(), longest.lower(), longest.title()}
    return {unicodedata.normalize(form, word) for word in cased for form in ("NFC", "NFD")} - {""}


def _texts_in(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, inner in content.items():
            yield key
            yield from _texts_in(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from _texts_in(inner)


def without_person(content: Any, person: PersonNames) -> Any:
    """Return a text or a JSON value with GONE in place of the person, and the rest as it was."""
    if isinstance(content, str):
        return person.pattern.sub(GONE, content)
    if isinstance(content, dict):
        return {
            without_person(key, person): without_person(inner, person)
            for key, inner in content.items()
        }
    if isinstance(content, list):
        return [without_person(inner, person) for inner in content]
    return content


def files_naming(
    person: PersonNames, home: Path, tick: Callable[[], None] = lambda: None
) -> Iterator[Path]:
    """Yield the files below `home` whose plain bytes name the person; packed ones are not opened.

    The database's own files are left out; `tick` is called for each file.
    Cost: reads every file once.
    """
    if not person.emails and not person.name:
        return
    names = [unicodedata.normalize(form, person.name) for form in ("NFC", "NFD")]
    needles = [word.encode().lower() for word in (*person.emails, *names) if word]
    for path in sorted(home.rglob("*")):
        tick()
        is_plain = path.is_file() and not path.is_symlink() and ".sqlite3" not in path.name
        if is_plain and _holds(path, needles):
            yield path.relative_to(home)


def _holds(path: Path, needles: list[bytes]) -> bool:
    overlap = max(map(len, needles), default=0)
    tail = b""
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                # Lower case of ASCII alone: the name's other letters stay as they are typed.
                chunk = (tail + block).lower()
                if any(word in chunk for word in needles):
                    return True
                tail = chunk[-overlap:]
    except OSError:
        # A file that went meanwhile names nobody.
        return False
    return False
