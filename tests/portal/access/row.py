"""One row of the access table: who opens an address, who is told "you may not", for whom it is not.

The person asking always sits in `seat` (TC01 unless said), once in each role. The object lies in
their own unit, in a child of it, in its parent, in a sibling or with strangers:

    TC ── TC01 ── TC01A     seat TC01: own TC01, child TC01A, parent TC, sibling TC02, stranger KH
     └─── TC02         KH   seat TC: own TC, child TC01, stranger KH
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach_portal.people.models.roles import Role
from tests.portal.world import World

ROLES = tuple(Role)
ALL = "LO LA OP CO FP SG CK TE AU"
"""Every role."""

SUBTREE = "LO LA OP CO AU"
"""The roles that see below their own unit."""

UNITS = {
    "TC01": {"own": "TC01", "child": "TC01A", "parent": "TC", "sibling": "TC02", "stranger": "KH"},
    "TC": {"own": "TC", "child": "TC01", "stranger": "KH"},
}

Grants = str | Mapping[str, str]
"""Roles by relation, {"own": "CO FP", "child": "CO"}; a plain text of roles is "own" alone."""

Make = Callable[[World, str], Mapping[str, Any]]
"""From the world and a unit's code: makes the object there, returns the address's arguments."""

EVERYWHERE: Mapping[str, str] = dict.fromkeys(UNITS["TC01"], ALL)
"""Everybody, wherever the object lies."""


@dataclass(frozen=True)
class Row:
    """Who gets what at the address `name`.

    Shapes: `name` is the URL's name with its namespace, as `reverse` takes it; for an address
    without a name, its path. `get` and `post` say for whom it opens; whoever is in none of `get`,
    `post` and `seen` gets 404 for an object, and 403 for a page without one. `post=None`: 405 for
    all who are signed in, `get=None` likewise. `data` is the form of the POST, or makes it from
    the world, the unit's code and the address's arguments: give a complete form wherever the act
    can be done, for the walk sends it once more with fields that do not belong to it (A2).
    """

    name: str
    get: Grants | None = field(default_factory=dict)
    post: Grants | None = None
    seen: Grants = field(default_factory=dict)
    make: Make | None = None
    data: Mapping[str, Any] | Callable[[World, str, Mapping[str, Any]], Mapping[str, Any]] = field(
        default_factory=dict
    )
    query: str = ""
    seat: str = "TC01"
    public: bool = False
    """Opens to who is not signed in, too."""
    without_seat: int | None = None
    """Status for who is signed in and has no role today, where it is not as computed."""
    personal: bool = False
    """The page is about whoever asks: `make` makes their own thing, and there is no other."""
    always: int | str | None = None
    """What everybody gets here whoever they are: a status (an API without its token), "sign in"."""
    notes: tuple[str, ...] = ()
    """Tables in which a library notes that it was read, for which A7 has no harm."""
    csrf: bool = True
    """False for what is asked with a token and not with a cookie."""


def granted(grants: Grants | None, role: Role, relation: str) -> bool:
    """True when `grants` name `role` at `relation`."""
    if grants is None:
        return False
    by_relation = {"own": grants} if isinstance(grants, str) else grants
    return role.value in by_relation.get(relation, "").split()
