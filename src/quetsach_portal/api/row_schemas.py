"""Schemas that take their fields from a row, a model or a dataclass: those allowed and no other."""

import inspect
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from ninja import Schema

from quetsach_portal.people.models.account import User

S = TypeVar("S", bound=Schema)
Path = tuple[str, ...]

TYPES: tuple[tuple[type, Any], ...] = (
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.CharField, str),
    (models.TextField, str),
)
"""The first that fits a field of a model. The schema declares the type of all other fields."""


def of_row(row_class: type, allowed: str) -> Callable[[type[S]], type[S]]:
    """Return a decorator that gives a schema the fields `allowed` of the row, in that order.

    Shapes: names between blanks; `name=path` sends the end of a path, its steps between dots. A
    person is sent by name. Where a path breaks off, a text is "", a number 0, all else null. A
    field that the schema declares itself keeps the declared type.
    Errors: AttributeError for an unknown name; TypeError for a type that must be declared.
    """
    paths = paths_of(allowed)

    def derive(schema: type[S]) -> type[S]:
        declared = inspect.get_annotations(schema)
        types = {
            name: declared[name] if name in declared else _type_at(row_class, path)
            for name, path in paths.items()
        }
        resolvers = {
            f"resolve_{name}": staticmethod(_resolver(name, path, types[name]))
            for name, path in paths.items()
            if path != (name,) or types[name] is str
        }
        written = {name: of for name, of in vars(schema).items() if name.startswith("resolve_")}
        namespace = {
            "__module__": schema.__module__,
            "__qualname__": schema.__qualname__,
            "__doc__": schema.__doc__,
            "__annotations__": {**types, **declared},
            "__row__": row_class,
            "__paths__": paths,
        }
        make: Any = type(schema)
        derived: type[S] = make(
            schema.__name__, schema.__bases__, {**namespace, **resolvers, **written}
        )
        return derived

    return derive


def paths_of(allowed: str) -> dict[str, Path]:
    """Return the path of each name, in order: `unit=node.name` is `{"unit": ("node", "name")}`."""
    pairs = (word.partition("=") for word in allowed.split())
    return {name: tuple((path or name).split(".")) for name, _sign, path in pairs}


def _type_at(row_class: type, path: Path) -> Any:
    """Return the type that is sent of what lies at the end of `path`."""
    kind: Any = row_class
    may_miss = False
    for name in path:
        kind, is_optional = _step(kind, name)
        may_miss |= is_optional
    if kind in (str, User):
        return str
    if isinstance(kind, type) and issubclass(kind, models.Model):
        raise TypeError(f"declare the type of {'.'.join(path)} of {row_class.__name__}")
    return kind | None if may_miss else kind


def _step(row_class: Any, name: str) -> tuple[Any, bool]:
    """Return the type of `name` in a row, and whether it may be None."""
    if issubclass(row_class, models.Model):
        try:
            field = row_class._meta.pk if name == "pk" else row_class._meta.get_field(name)
        except FieldDoesNotExist:
            return _hinted(row_class, name)
        return _type_of(field, name), field.concrete and field.null
    return _hinted(row_class, name)


def _type_of(field: Any, name: str) -> Any:
    if field.is_relation:
        # `unit` is the row, `unit_id` its key.
        related: Any = field.related_model
        return related if name == field.name else _type_of(related._meta.pk, "pk")
    for kind, sent in TYPES:
        if isinstance(field, kind):
            return sent
    raise TypeError(f"declare the type of {field}")


def _hinted(row_class: type, name: str) -> tuple[Any, bool]:
    """Return the declared type of a dataclass's field or of a property."""
    member = inspect.getattr_static(row_class, name, None)
    if isinstance(member, property):
        hint = get_type_hints(member.fget)["return"]
    else:
        hints = get_type_hints(row_class)
        if name not in hints:
            raise AttributeError(f"{row_class.__name__} has no {name}")
        hint = hints[name]
    if NoneType not in get_args(hint):
        return hint, False
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    return reduce(lambda left, right: left | right, kinds), True


def _resolver(name: str, path: Path, sent: Any) -> Callable[[Any], Any]:
    """Return what ninja asks for the value; a dict has it ready under `name`."""

    def resolve(source: Any) -> Any:
        if isinstance(source, dict):
            return source[name]
        for step in path:
            source = None if source is None else getattr(source, step)
        if sent is str:
            return "" if source is None else str(source)
        return 0 if source is None and sent is int else source

    return resolve
