"""Ask an address as everybody, and say where the answers differ from the table."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zlib import crc32

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.access.row import ALL, ROLES, UNITS, Row, granted
from tests.portal.signing_in import signed_in
from tests.portal.world import PASSWORD, World
from tests.whole import WHOLE, todays_share

ENTRANCES = ("/account/login/?next=", "/account/reauthenticate/", "/account/2fa/reauthenticate/")
"""Where somebody is sent who has to show first who they are."""


class Asking:
    """People of one world with their browsers, each signed in once, before any row is made.

    A walk that is not `whole` asks at fewer addresses away from the own unit, and as fewer people.
    """

    def __init__(self, world: World, *, whole: bool = WHOLE) -> None:
        self.world = world
        self.whole = whole
        self._browsers: dict[tuple[str, str], Client] = {}
        for code in world.units:
            for role in ROLES:
                world.user(code, role)

    def seated_in(self, seat: str) -> "Asking":
        """Sign in everybody who asks from `seat`."""
        if (seat, "ended") not in self._browsers:
            for role in ROLES:
                self._sign_in(seat, role.value, self.world.user(seat, role))
            self._sign_in(seat, "ended", had_every_role(self.world, seat))
            today = timezone.localdate()
            disabled = every_role(self.world, seat, "disabled", today, None)
            self._sign_in(seat, "disabled", disabled)
            User.objects.filter(pk=disabled.pk).update(is_active=False)
            for code in self.world.units:
                for role in ROLES:
                    # The rows hold what the database holds.
                    self.world.user(code, role).refresh_from_db()
        return self

    def browser(self, seat: str, who: str) -> Client:
        """Return the browser of a role, of "ended", or of "disabled" in `seat`."""
        return self._browsers[seat, who]

    def _sign_in(self, seat: str, who: str, user: User) -> None:
        client = signed_in(user)
        client.raise_request_exception = False
        self._browsers[seat, who] = client


def every_role(world: World, code: str, name: str, begins: Any, ends: Any) -> User:
    """Return a new person with every role in the unit `code` in that time."""
    address = f"{name}.{code}@coquan.example".lower()
    user = User.objects.create_user(address, PASSWORD, name=f"Cán bộ {code}")
    for role in ROLES:
        Assignment.objects.create(
            user=user, unit=world.units[code], role=role, valid_from=begins, valid_to=ends
        )
    return user


def had_every_role(world: World, code: str) -> User:
    """Return somebody whose roles ended today or begin tomorrow."""
    today = timezone.localdate()
    user = every_role(world, code, "ended", today - timedelta(days=30), today)
    for role in ROLES:
        Assignment.objects.create(
            user=user, unit=world.units[code], role=role, valid_from=today + timedelta(days=1)
        )
    return user


@dataclass(frozen=True)
class Place:
    """An object of a row: where it lies, its address, and the form of its POST."""

    relation: str
    address: str
    data: Mapping[str, Any]


def places(row: Row, world: World, *, whole: bool = True) -> Iterator[Place]:
    """Make the object of `row` in each relation to the seat; once, where there is no object."""
    units = UNITS[row.seat]
    for relation, code in units.items():
        if relation != "own" and (row.make is None or row.personal):
            continue
        if not whole and not _is_asked(row, relation):
            continue
        arguments = {} if row.make is None else dict(row.make(world, code))
        data = row.data(world, code, arguments) if callable(row.data) else row.data
        yield Place(relation, address_of(row, arguments), data)


def _is_asked(row: Row, relation: str) -> bool:
    """False for three of four in units that are neither one's own nor a stranger's."""
    if relation in ("own", "stranger"):
        return True
    is_in_question = crc32(row.name.encode()) % 2 == 0
    return is_in_question and bool(todays_share([f"{row.name} {relation}"], days=2))


def address_of(row: Row, arguments: Mapping[str, Any]) -> str:
    """Return the path of `row` with `arguments`."""
    name = row.name.split(" ")[0]
    path = name if name.startswith("/") else reverse(name, kwargs=dict(arguments))
    return path + row.query


def differences(row: Row, asking: Asking) -> list[str]:
    """Return a line for each answer that is not as `row` says."""
    return [
        f"{row.name}: {line}"
        for place in places(row, asking.world, whole=asking.whole)
        for line in _at(row, place, asking)
    ]


def _at(row: Row, place: Place, asking: Asking) -> Iterator[str]:
    for method in ("GET", "POST"):
        for role in _who_asks(row, method, place.relation, whole=asking.whole):
            client = asking.browser(row.seat, role.value)
            yield from _compare(client, method, row, place, f"{role.value} {place.relation}", role)
    if place.relation == "own":
        ended = asking.browser(row.seat, "ended")
        for method in ("GET", "POST"):
            yield from _compare(ended, method, row, place, "no role any more", None)
    if place.relation != "own" and not asking.whole:
        return
    for who, client in (
        ("signed out", Client()),
        ("disabled", asking.browser(row.seat, "disabled")),
    ):
        client.raise_request_exception = False
        for method in ("GET", "POST"):
            if who == "disabled" and method == "POST" and row.get is not None and not asking.whole:
                continue
            wanted = _signed_out(row, method)
            got = ask(client, method, place, public=row.public)
            if got not in wanted:
                yield f"{method} {who} ({place.relation}): {got} instead of {_or(wanted)}"


def _who_asks(row: Row, method: str, relation: str, *, whole: bool) -> tuple[Role, ...]:
    """Return who asks; two where the answer depends on nobody: no such method, always the same.

    In the own unit everybody asks when it is the turn of `row`, once in four days, and on others
    one of all who are to be answered alike; elsewhere one who may and one who may not.
    """
    grants = row.get if method == "GET" else row.post
    if not whole if row.always is not None else grants is None:
        return (ROLES[0], ROLES[-1])
    is_own = relation == "own"
    if whole or (is_own and todays_share([row.name], days=4)):
        return ROLES
    alike: dict[tuple[bool, ...], list[Role]] = {}
    for one in ROLES:
        rights = tuple(granted(grants, one, relation) for grants in (row.get, row.post, row.seen))
        alike.setdefault(rights if is_own else (any(rights),), []).append(one)
    # Another one of them at each address: together the addresses are asked as everybody.
    turn = crc32(f"{row.name} {relation}".encode())
    return tuple(some[turn % len(some)] for some in alike.values())


def _compare(
    client: Client, method: str, row: Row, place: Place, who: str, role: Role | None
) -> Iterator[str]:
    wanted = _wanted(row, method, role, place.relation)
    got = ask(client, method, place, public=row.public)
    if got not in wanted:
        yield f"{method} {who}: {got} instead of {_or(wanted)}"


def _wanted(row: Row, method: str, role: Role | None, relation: str) -> set[str]:
    grants = row.get if method == "GET" else row.post
    if row.always is not None:
        return {str(row.always), "405"}
    is_seen = role is not None and any(
        granted(one, role, relation) for one in (row.get, row.post, row.seen)
    )
    if grants is None:
        # A view may look for the object first, and then must not say that there is one.
        return {"405"} if is_seen or row.make is None else {"404", "405"}
    if role is None:
        return {_without_seat(row, method)}
    if granted(grants, role, relation):
        return {"open"}
    return {"403"} if is_seen or row.make is None else {"404"}


def _without_seat(row: Row, method: str) -> str:
    if row.without_seat is not None:
        return "open" if row.without_seat == 200 else str(row.without_seat)
    if row.make is not None:
        return "404"
    grants = row.get if method == "GET" else row.post
    return "open" if all(granted(grants, one, "own") for one in ROLES) else "403"


def _signed_out(row: Row, method: str) -> set[str]:
    if row.always is not None:
        return {str(row.always), "405"}
    if not row.public:
        # A view that knows no POST may say so before it is asked who is there.
        return (
            {"sign in", "405"}
            if (row.get if method == "GET" else row.post) is None
            else {"sign in"}
        )
    return {"405"} if (row.get if method == "GET" else row.post) is None else {"open"}


def ask(client: Client, method: str, place: Place, *, public: bool) -> str:
    """Return how `client` is answered; whatever the request changed is undone.

    What is not `public` and yet a cache on the way would keep is "open to caches" (P4).
    """
    with undone(), same_browser(client):
        send = client.get if method == "GET" else client.post
        response = send(place.address, form_of(place) if method == "POST" else None)
        said = outcome(put_down(response))
        return "open to caches" if said == "open" and not public and _is_kept(response) else said


def _is_kept(response: HttpResponse) -> bool:
    """Say whether a shared cache may keep a page; a way to another page it never keeps."""
    told = response.headers.get("Cache-Control", "")
    return response.status_code == 200 and "no-store" not in told and "private" not in told


def form_of(place: Place) -> dict[str, Any]:
    """Return the form of the place's POST; its files are read from their beginning once more."""
    for value in place.data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return dict(place.data)


@contextmanager
def undone(world: World | None = None) -> Iterator[None]:
    """Take back whatever the block writes, and what it notes in `world`."""
    held = None if world is None else copy(world)
    if held is not None:
        held.units, held.users, held.nodes = dict(held.units), dict(held.users), dict(held.nodes)
    # What rate limits count is no row, and would turn the hundredth browser of a walk away.
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if world is not None and held is not None:
        world.__dict__.update(held.__dict__)


@contextmanager
def same_browser(client: Client) -> Iterator[None]:
    """Give `client` its cookies back after the block: a sign-out is undone as well."""
    held = deepcopy(client.cookies)
    yield
    client.cookies = held


def put_down(response: Any) -> Any:
    """Return `response`; a file that it hands out is closed, which else its reader would do."""
    for close in response._resource_closers:
        close()
    return response


def outcome(response: HttpResponse) -> str:
    """Return "open", "sign in", or the status; an error of ours with what it was."""
    if response.status_code == 500:
        return f"500 {getattr(response, 'exc_info', ('', ''))[1]!r}"
    if 300 <= response.status_code < 400:
        return "sign in" if str(response.headers["Location"]).startswith(ENTRANCES) else "open"
    return "open" if response.status_code < 300 else str(response.status_code)


def _or(words: set[str]) -> str:
    return " or ".join(sorted(words))


def who_may(row: Row, method: str) -> tuple[Role, str] | None:
    """Return the first role and relation to whom `row` opens, None where there is none."""
    grants = row.get if method == "GET" else row.post
    for relation in UNITS[row.seat]:
        for role in ROLES:
            if granted(grants, role, relation):
                return role, relation
    return None


assert set(ALL.split()) == {one.value for one in ROLES}
