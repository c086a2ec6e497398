"""People by their names: accounts with a role, and contacts of units, where one may read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet

from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.access import running
from quetsach_portal.people.roles.scope import AnyModel, Scope, below
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.folding import folded, spellings

MOST_FOLDED = 2_000
"""Of so many people names are compared without marks; of more, as they are written."""
LEAST_LETTERS = 2


@dataclass(frozen=True)
class NamedPerson:
    """A person in a unit.

    Shapes: `number` is "user:12" or "contact:7"; `opens` names the page of the unit that shows the
    person; `mail` is "" where it may not be read.
    """

    number: str
    name: str
    mail: str
    role: str
    unit_id: int
    unit_name: str
    opens: str


def people_named(scope: Scope, words: str, *, most: int) -> list[NamedPerson]:
    """Return at most `most` people within `scope` whose name has all of `words`.

    A contact is found by its e-mail address too. Cost: four queries, two of up to MOST_FOLDED rows.
    """
    if len(folded(words)) < LEAST_LETTERS and "@" not in words:
        return []
    people = [_account(seat) for seat in islice(_named(_seats(scope), "user__name", words), most)]
    contacts = _contacts(scope)
    # No name has an "@".
    is_mail = "@" in words
    rows = contacts.filter(mail__iexact=words) if is_mail else _named(contacts, "person", words)
    return (people + [_contact(contact) for contact in islice(rows, most)])[:most]


def note_shown(people: Sequence[str], *, actor: User) -> None:
    """Record that a search showed `people` to `actor`, by their numbers and without its words."""
    with transaction.atomic():
        record(
            "search.people",
            actor=actor,
            kind="search",
            object_id=len(people),
            detail={"shown": list(people)},
        )


def _named(rows: QuerySet[AnyModel], field: str, words: str) -> Iterator[AnyModel]:
    """Return those of `rows` whose `field` has all of `words`, without marks where rows are few."""
    # Unsorted, a database stops at the first rows; to sort a whole country costs ten times as much.
    names = list(rows.order_by().values_list("pk", field)[: MOST_FOLDED + 1])
    if len(names) > MOST_FOLDED:
        as_written = Q(pk__in=[])
        for spelling in spellings(words):
            as_written |= Q(**{f"{field}__icontains": spelling})
        return rows.filter(as_written).iterator()
    asked = folded(words).split()
    if not asked:
        return iter(())
    numbers = [pk for pk, name in names if all(word in folded(name) for word in asked)]
    return rows.filter(pk__in=numbers[:50]).iterator()


def _seats(scope: Scope) -> QuerySet[Assignment]:
    """Return the running roles in the units that `roles.access.unit_with_people` opens."""
    units = Q(unit_id__in=scope.own_units())
    units |= Q(unit__parent_id__in=scope.own_units(Role.LEAD_OWNER, Role.COMPILER))
    for seat in scope.seats:
        if seat.role == Role.AUDITOR and not seat.read_only:
            units |= below(seat.path, "unit__")
    rows = running().filter(units, scope.visible("unit__"))
    return rows.select_related("user", "unit").order_by("user__name", "pk")


def _contacts(scope: Scope) -> QuerySet[UnitContact]:
    """Return the contacts in force of the units where `register.access.may_read_contacts` holds."""
    own = (Role.COMPILER, Role.FOCAL_POINT, Role.SIGNER, Role.CLERK)
    units = Q(unit_id__in=scope.own_units(*own))
    units |= Q(unit__parent_id__in=scope.own_units(Role.COMPILER, Role.CLERK))
    for seat in scope.seats:
        if seat.role == Role.LEAD_OWNER and not seat.read_only:
            units |= below(seat.path, "unit__")
    rows = UnitContact.objects.filter(units, scope.visible("unit__"), valid_to__isnull=True)
    return rows.exclude(person="", mail="").select_related("unit").order_by("person", "pk")


def _account(seat: Assignment) -> NamedPerson:
    return NamedPerson(
        f"user:{seat.user_id}",
        str(seat.user.name),
        "",
        str(Role(seat.role).label),
        seat.unit_id,
        seat.unit.name,
        "rights:unit",
    )


def _contact(contact: UnitContact) -> NamedPerson:
    return NamedPerson(
        f"contact:{contact.pk}",
        contact.person or contact.mail,
        contact.mail,
        str(contact.get_role_display()),
        contact.unit_id,
        contact.unit.name,
        "units:show",
    )
