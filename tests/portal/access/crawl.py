"""Send the form of a page with a valid body: as who may, then as everybody else.

The form is looked for where a person finds it: on the page of its own address, on pages above it,
on pages about the same things, and on what these link to.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from quetsach_portal.people.models.roles import Role
from tests.portal.access.contents import everything
from tests.portal.access.filling import Body, bodies
from tests.portal.access.homes import all_rows, differing, units_of
from tests.portal.access.page_forms import Page, PageForm, page_of
from tests.portal.access.ready import ready
from tests.portal.access.row import ROLES, UNITS, Row, granted
from tests.portal.access.swapping import swapped
from tests.portal.access.walk import (
    Asking,
    address_of,
    outcome,
    put_down,
    same_browser,
    undone,
)

MOST_PAGES = 60
"""Pages that are opened to find one form."""


@dataclass(frozen=True)
class ValidForm:
    """A form that somebody who may has sent with effect: who, from where, where to, what."""

    row: Row
    role: Role
    code: str
    page: str
    address: str
    body: Body
    is_from_form: bool
    """False for a body that needed values of the access table."""


@dataclass(frozen=True)
class NoForm:
    """Why no valid body was found: no page shows the form, or no body of it had an effect."""

    row: Row
    why: str


def valid_form(row: Row, asking: Asking) -> ValidForm | NoForm:
    """Return the form of `row` with a body that somebody who may sends with effect.

    The object of the row stays made; run it in `undone`.
    """
    why = "nobody may"
    row = ready(row)
    for relation, roles in _who_may(row).items():
        code = UNITS[row.seat][relation]
        arguments = {} if row.make is None else dict(row.make(asking.world, code))
        told = row.data(asking.world, code, arguments) if callable(row.data) else row.data
        address, why = address_of(row, arguments), "no page shows it"
        for role in roles:
            browser = _browser(row, role, asking)
            tried: set[str] = set()
            for page, form in _forms_at(address, arguments, row, browser):
                why = "no body of it has an effect"
                if form.action in tried:
                    continue
                tried.add(form.action)
                accepted = _sent(form, told, browser)
                if accepted is not None:
                    own = is_of_form(*accepted, told)
                    action, body = accepted[0].action, accepted[1]
                    return ValidForm(row, role, code, page, action, body, own)
        for role in roles:
            body = dict(told)
            if has_effect(_browser(row, role, asking), address, body):
                return ValidForm(row, role, code, "", address, body, is_from_form=False)
    return NoForm(row, why)


SIGNED_OUT = {"account_login", "account_reset_password_from_key"}
"""Forms of people who are not signed in."""


def _browser(row: Row, role: Role, asking: Asking) -> Client:
    if row.name in SIGNED_OUT:
        return Client(raise_request_exception=False)
    return asking.browser(row.seat, role.value)


def _sent(form: PageForm, told: Mapping[str, Any], browser: Client) -> tuple[PageForm, Body] | None:
    """Return `form` with a body that has an effect, or what comes after it on the next page.

    A form that asks "is this right?" comes back with what was typed and another button.
    """
    for body in bodies(form, told):
        if has_effect(browser, form.action, body):
            return form, body
    for body in bodies(form, told):
        with undone(), same_browser(browser):
            response = put_down(browser.post(form.action, again(body)))
            if response.status_code != 200 or not response.content:
                continue
            page = page_of(response.content, form.action)
        for following in page.forms:
            if following.path == form.path and following.buttons != form.buttons:
                for repeated in bodies(following, told):
                    if has_effect(browser, following.action, repeated):
                        return following, repeated
    return None


def _who_may(row: Row) -> dict[str, list[Role]]:
    may = {
        relation: [one for one in ROLES if granted(row.post, one, relation)]
        for relation in UNITS[row.seat]
    }
    return {relation: roles for relation, roles in may.items() if roles}


def is_of_form(form: PageForm, body: Body, told: Mapping[str, Any]) -> bool:
    """True when the form proposes of itself each value that `body` shares with `told`."""
    proposed = {(one.name, one.value) for one in form.fields} | set(form.buttons)
    proposed |= {(one.name, choice) for one in form.fields for choice in one.choices}
    shared = {(name, str(value)) for name, value in told.items() if body.get(name) == value}
    return shared <= proposed


REFUSED = {"403", "404", "405", "sign in"}
"""How somebody is answered who has no say."""


def sent_by_others(form: ValidForm, asking: Asking) -> list[str]:
    """Return a line for each person without a say whose body was not refused, or had an effect."""
    wrong, rows, watch = [], None, Watch()
    unit = asking.world.units[form.code].pk
    for who, browser, is_open in _others(form, asking):
        with undone(), same_browser(browser):
            response = put_down(browser.post(form.address, again(form.body)))
            answer, changed = outcome(response), watch.changed()
            now = all_rows() if is_open and changed else None
        if is_open and now is not None:
            # They do it for their own unit; nothing of the form's unit may be otherwise.
            rows = all_rows() if rows is None else rows
            touched = {row._meta.label for row in differing(rows, now) if unit in units_of(row)}
            wrong += [f"{form.row.name} sent by {who}: changed {touched}"] if touched else []
        elif changed or (answer not in REFUSED and not is_open):
            wrong.append(f"{form.row.name} sent by {who}: {answer}, changed {changed}")
    return wrong


def _others(form: ValidForm, asking: Asking) -> Iterator[tuple[str, Client, bool]]:
    """Yield everybody who has no say; with True who may open such a page of their own."""
    row, world = form.row, asking.world
    if row.public and row.personal:
        return  # whoever holds the poster or the slip may use it
    is_everybodys = row.make is None or row.personal
    for seat in world.units:
        relation = relation_of(seat, form.code)
        roles = [one for one in ROLES if not granted(row.post, one, relation)]
        if is_everybodys:
            roles = [one for one in ROLES if one != form.role or seat != form.code]
        turn = crc32(f"{row.name} {seat}".encode())
        for role in {roles[turn % len(roles)], roles[turn // 9 % len(roles)]} if roles else ():
            is_open = is_everybodys and granted(row.post, role, "own")
            if not is_open or seat != form.code:
                yield (
                    f"{role.value} of {relation} {seat}",
                    asking.browser(seat, role.value),
                    is_open,
                )
    if not row.public:
        opens = is_everybodys and all(granted(row.post, one, "own") for one in ROLES)
        yield "whose role ended", asking.browser("KH" if opens else form.code, "ended"), opens
        yield "whose account is off", asking.browser(form.code, "disabled"), False
        yield "nobody signed in", Client(raise_request_exception=False), False


def relation_of(seat: str, code: str) -> str:
    """Return how the unit `code` stands to somebody in `seat`."""
    parents = {"TC": "", "TC01": "TC", "TC02": "TC", "TC01A": "TC01", "KH": ""}
    if seat == code:
        return "own"
    if parents[code] == seat or parents.get(parents[code]) == seat:
        return "child"
    if parents[seat] == code or parents.get(parents[seat]) == code:
        return "parent"
    return "sibling" if parents[seat] and parents[seat] == parents[code] else "stranger"


def sent_with_numbers_of(other: str, form: ValidForm, asking: Asking) -> tuple[int, list[str]]:
    """Send the form with numbers of the unit `other`; return how often, and what it changed there.

    The row's thing of `other` is made by the caller.
    """
    world, wrong, sent = asking.world, [], 0
    own_key, other_key = world.units[form.code].pk, world.units[other].pk
    rows, watch = all_rows(), Watch()
    browser = _browser(form.row, form.role, asking)
    for which, body in swapped(form.body, own_key, other_key, rows):
        sent += 1
        with undone(), same_browser(browser):
            put_down(browser.post(form.address, again(body)))
            changed = differing(rows, all_rows()) if watch.changed() else []
            there = {row._meta.label for row in changed if other_key in units_of(row)}
        if there:
            wrong.append(f"{form.row.name} with {which} of {other} changed {sorted(there)}")
    return sent, wrong


def has_effect(browser: Client, address: str, body: Mapping[str, Any]) -> bool:
    """True when the answer is 2xx or 3xx and a table holds something else; then undone."""
    watch = Watch()
    with undone(), same_browser(browser):
        response = put_down(browser.post(address, again(body)))
        return bool(response.status_code < 400 and watch.changed())


class Watch:
    """What the tables hold now, to see later what is otherwise.

    Cost: one look at all tables, and another one only after something was written.
    """

    def __init__(self) -> None:
        self._known = everything()
        self._written = _writes()

    def changed(self) -> list[str]:
        """Return the tables that differ from before."""
        written = _writes()
        if written is not None and written == self._written:
            return []
        self._written = written
        return [one for one, digest in everything().items() if digest != self._known[one]]


def _writes() -> int | None:
    """Return how many rows this connection ever wrote, None where the database does not say."""
    raw = connection.connection
    return raw.total_changes if connection.vendor == "sqlite" else None


def again(body: Mapping[str, Any]) -> Body:
    """Return `body` with its files at their beginning."""
    for value in body.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return dict(body)


def _forms_at(
    address: str, arguments: Mapping[str, Any], row: Row, browser: Client
) -> Iterator[tuple[str, PageForm]]:
    path = address.partition("?")[0]
    for where, page in _pages(path, address, arguments, row, browser):
        for form in page.forms:
            if form.path in (path, where_path(row, where)):
                yield where, form


def where_path(row: Row, where: str) -> str:
    """Return the path of the form that the row's own address leads on to."""
    return where.partition("?")[0] if row.name == "account_reset_password_from_key" else ""


def _pages(
    path: str, address: str, arguments: Mapping[str, Any], row: Row, browser: Client
) -> Iterator[tuple[str, Page]]:
    waiting = list(dict.fromkeys([address, *_near(path, arguments, row), "/"]))
    opened = 0
    while waiting and opened < MOST_PAGES:
        there = waiting.pop(0)
        opened += 1
        page = _open(browser, there)
        if page is None:
            continue
        yield there, page
        numbers = {str(one) for one in arguments.values()}
        known = set(waiting)
        # What has one of the row's numbers in it is nearer than what has not.
        links = [one for one in page.links if one not in known]
        close = [one for one in links if numbers & set(one.partition("?")[0].split("/"))]
        waiting = [*waiting, *close, *[one for one in links if one not in close]]
        waiting = list(dict.fromkeys(waiting))


def _open(browser: Client, address: str) -> Page | None:
    # Reading changes nothing of the campaign; what it notes in the session is for the form.
    response = put_down(browser.get(address, follow=True))
    if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
        return None
    where = response.redirect_chain[-1][0] if response.redirect_chain else address
    return page_of(response.content, where)


def _near(path: str, arguments: Mapping[str, Any], row: Row) -> list[str]:
    """Return the paths above `path`, and those of its app that need its arguments or none."""
    from tests.portal.access.table import TABLES

    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:n]) + "/" for n in range(len(parts) - 1, 0, -1)]
    above += ["/" + "/".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
    app = row.name.partition(":")[0]
    rows = [one for rows in TABLES.values() for one in rows if one.get is not None]
    for other in sorted(rows, key=lambda one: one.name.partition(":")[0] != app):
        if other.name.startswith(("/", "interface:")) or " " in other.name:
            continue
        for kwargs in (dict(arguments), {}):
            with suppress(NoReverseMatch):
                above.append(reverse(other.name, kwargs=kwargs))
                break
    return above
