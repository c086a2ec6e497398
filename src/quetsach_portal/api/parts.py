"""How long lists come: a part at a time, by number; and how an address says no."""

from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from quetsach_portal.api.shapes import ProblemOut

Row = TypeVar("Row")

NO = {frozenset({400, 401, 403, 404, 422}): ProblemOut}
"""How each address says no."""

REFUSED = {frozenset({400, 401, 403, 404, 409, 422}): ProblemOut}
"""How an address that changes something says no."""

MOST_ID = 2**63 - 1


class Paged(Schema):
    """Which part of a long list: rows with an id above `after`, at most `limit`."""

    after: int = Field(0, ge=0, le=MOST_ID)
    limit: int = Field(100, ge=1, le=500)


class Part(Schema, Generic[Row]):
    """A part of a list; ask again with `after` set to `next`, which is null at the end."""

    rows: list[Row]
    next: int | None = None


def part_of(rows: QuerySet[Any], paged: Paged) -> dict[str, Any]:
    """Return the rows that `paged` asks for, by id, and where the list goes on."""
    found = list(rows.filter(pk__gt=paged.after).order_by("pk")[: paged.limit + 1])
    more = len(found) > paged.limit
    found = found[: paged.limit]
    return {"rows": found, "next": found[-1].pk if more else None}
