"""Who is meant by a name in the directory, and what came of a sign-in there: plain values."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST_LOGIN = 256


class DirectoryOutcome(StrEnum):
    """What came of a sign-in at the directory."""

    RIGHT = "right"
    WRONG = "wrong"
    """An unknown name, a wrong password, or an account that the directory lets in no more."""
    SEVERAL = "several"
    NOT_IN_GROUP = "not-in-group"
    WITHOUT_ID = "without-id"
    BUSY = "busy"


@dataclass(frozen=True)
class DirectoryPerson:
    """An entry. Shapes: `id` is "" where the entry has none; `mails` are in small letters."""

    dn: str
    id: str
    mails: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class DirectoryAnswer:
    """What came of it, and of whom. Where `outcome` is not RIGHT, `person` is not proven."""

    outcome: DirectoryOutcome
    person: DirectoryPerson | None = None


@dataclass(frozen=True)
class FoundPeople:
    """Who is meant by a user name, at which server; nobody has proven to be them."""

    uri: str
    people: tuple[DirectoryPerson, ...]
    is_in_group: bool | None


def written_name(login: str) -> str:
    """Return the user name in the one way in which it is counted and asked for; "" for none.

    Servers take several ways of writing for one name, such as spaces at the end and signs without
    width (RFC 4518); each would have tries of its own.
    """
    name = " ".join(unicodedata.normalize("NFKC", login[: 2 * LONGEST_LOGIN]).split())
    # `cntrl`, `format`, `surrogate`, `private` and `unassigned`: C*; variation selectors: Mn.
    signs = {unicodedata.category(sign)[0] for sign in name}
    is_allowed = "C" not in signs and not any("\ufe00" <= sign <= "\ufe0f" for sign in name)
    return name if is_allowed and len(name) <= LONGEST_LOGIN else ""
