"""Whether two people see the same rows behind the figures of a page, compared row by row."""

import re
from collections.abc import Sequence

from django.test import Client

from tests.portal.looks.crawling import Element, read

WHY = "Vai trò của bạn"
"""A page that holds rows back says that this person's role does not open them."""
SKIPPED = re.compile(r"\.(?:zip|csv|xlsx|json|pdf)(?:$|\?)")


def rows_in(html: str) -> list[str]:
    """Return the rows of all tables of a page and its figures, as the words that are read."""
    rows = []
    for element in read(html.partition("<main")[2]).all():
        is_row = element.tag == "tr" and _ancestor(element, "tbody") is not None
        is_card = element.tag == "li" and _in_figures(element)
        if is_row or is_card:
            rows.append(" ".join(element.text().split()))
    return rows


def opened_by_figures(html: str) -> list[str]:
    """Return the addresses that figures and rows of a page open."""
    addresses = []
    for element in read(html.partition("<main")[2]).all():
        if element.tag == "a" and element.link and _is_of_figure(element):
            addresses.append(element.link)
    return [one for one in dict.fromkeys(addresses) if not SKIPPED.search(one)]


def differing_rows(first: Client, second: Client, addresses: Sequence[str]) -> list[str]:
    """Return where two people see other rows at `addresses`, and the second is not told why."""
    wrong = []
    for address in addresses:
        ours, theirs = first.get(address), second.get(address)
        if theirs.status_code == 403 and WHY in theirs.content.decode():
            continue
        if (ours.status_code, theirs.status_code) != (200, 200):
            wrong.append(f"{address}: {ours.status_code} and {theirs.status_code}")
            continue
        rows, others = rows_in(ours.content.decode()), rows_in(theirs.content.decode())
        differing = [row for row in rows if row not in others]
        differing += [row for row in others if row not in rows]
        if differing and WHY not in theirs.content.decode():
            wrong.append(f"{address}: {differing[0][:160]}")
    return wrong


def _in_figures(element: Element) -> bool:
    return element.parent is not None and "figures" in element.parent.classes


def _ancestor(element: Element, tag: str) -> Element | None:
    place = element.parent
    while place is not None and place.tag != tag:
        place = place.parent
    return place


def _is_of_figure(element: Element) -> bool:
    place: Element | None = element
    while place is not None:
        if _in_figures(place) or (place.tag == "tr" and _ancestor(place, "tbody") is not None):
            return True
        place = place.parent
    return False
