"""Queries whose SQL is written once in a process; asked again, only their values change.

Compiling the same SQL again for each request is half of what a page costs (decision 14). A compiled
query keeps what Django's compiler wrote for values of that shape; its rows are those of the plain
queryset. PostgreSQL keeps the plan: config/environment.py.
"""

import re
from collections.abc import Callable, Collection
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet

Row = TypeVar("Row")
Value: TypeAlias = int | str | date

_TOO_GREAT = 2**63
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class _Written:
    """What the compiler wrote. Shapes: `asked` are (place in `params`, place in the values)."""

    rows: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    asked: tuple[tuple[int, int], ...]


class CompiledQuery(Generic[Row]):
    """A query by named values: numbers, texts, days, moments, or collections of one of these.

    `plain` makes the queryset of the values it is given, and of nothing else: what it takes from
    elsewhere, the clock above all, would stay as it was when the SQL was written.
    """

    def __init__(self, plain: Callable[..., QuerySet[Any, Row]]) -> None:
        self.plain = plain
        self._written: dict[tuple[Any, ...], _Written | None] = {}

    def __call__(self, **values: Value | Collection[Value]) -> list[Row]:
        """Return the rows that `plain` has for these values.

        Errors: ValueError for a value that is not in the SQL as it is, or a moment that is in it
        and was not asked.
        """
        flat, shape = _flat(values)
        if any(isinstance(one, int) and not -_TOO_GREAT <= one < _TOO_GREAT for one in flat):
            # No database counts so far; Django knows without asking that there is no such row.
            return list(self.plain(**values))
        if shape not in self._written:
            self._written[shape] = self._write(flat, values)
        written = self._written[shape]
        return [] if written is None else _asked(written, flat)

    def first(self, **values: Value | Collection[Value]) -> Row | None:
        """Return the first row, None where there is none; `plain` says in which order."""
        return next(iter(self(**values)), None)

    def _write(self, flat: list[Value], values: dict[str, Any]) -> _Written | None:
        marks = [_mark(number, one) for number, one in enumerate(flat)]
        left = iter(marks)
        named = {
            name: next(left) if isinstance(one, Value) else [next(left) for _ in _padded(one)]
            for name, one in values.items()
        }
        rows = self.plain(**named)
        compiler = rows.query.get_compiler(using=rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        adapted = [_taken(rows.db, one) for one in marks]
        positions = tuple(
            (at, adapted.index(one)) for at, one in enumerate(params) if one in adapted
        )
        if {number for _at, number in positions} != set(range(len(flat))):
            raise ValueError("a value of the statement is not in its SQL as it was given")
        if any(_MOMENT.match(str(one)) for one in params if one not in adapted):
            raise ValueError("a moment in the SQL of the statement was not asked")
        return _Written(rows, compiler, sql, tuple(params), positions)


def _asked(written: _Written, flat: list[Value]) -> list[Any]:
    database = written.rows.db
    params = list(written.params)
    for at, number in written.asked:
        params[at] = _taken(database, flat[number])
    compiler = copy(written.compiler)
    compiler.connection = connections[database]
    compiler.as_sql = lambda *_args, **_named: (written.sql, tuple(params))
    rows = written.rows.all()
    rows.query.get_compiler = lambda *_args, **_named: compiler  # type: ignore[method-assign]  # of this one query
    return list(rows)


def _flat(values: dict[str, Any]) -> tuple[list[Value], tuple[Any, ...]]:
    """Return all values in a row, and their shape: what the SQL depends on."""
    flat: list[Value] = []
    shape: list[Any] = []
    for name, parameter in values.items():
        if isinstance(parameter, Value):
            flat.append(parameter)
            shape.append((name, type(parameter)))
        else:
            several = _padded(parameter)
            flat.extend(several)
            shape.append((name, len(several)))
    return flat, tuple(shape)


def _padded(several: Collection[Value]) -> list[Value]:
    """Return the values with the last repeated up to 1, 2, 4, 8 ...: few shapes for any number."""
    found = list(several)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found) if found else 0)


def _mark(number: int, like: Value) -> Value:
    """Return a value of the same kind that nothing else in the SQL has."""
    if isinstance(like, int):
        return 2_000_000_011 + number
    if isinstance(like, str):
        return f"\N{BULLET}asked{number}"
    if isinstance(like, datetime):
        return datetime(1901, 1, 1, tzinfo=UTC) + timedelta(microseconds=number + 1)
    return date(1901, 1, 1) + timedelta(days=number)


def _taken(database: str, parameter: Value) -> Any:
    """Return the value as the database's driver takes it."""
    operations = connections[database].ops
    if isinstance(parameter, datetime):
        return operations.adapt_datetimefield_value(parameter)
    if isinstance(parameter, date):
        return operations.adapt_datefield_value(parameter)
    if isinstance(parameter, int):
        # Numbers of one width: the driver else names a type by their size, and each has its plan.
        return operations.adapt_integerfield_value(parameter, "BigIntegerField")
    return parameter


MANY_ROWS = 1_000
"""Rows after whose writing an act calls `count_anew`."""


def count_anew(*models: type[Model]) -> None:
    """Let PostgreSQL look at what these tables hold now; other databases do without.

    It plans by how many rows it believes that a condition leaves. After an act that wrote very many
    it believes something else until its own service comes by, and a page takes ten times as long.
    Cost: reads a sample, 0.1 s for a large table.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
