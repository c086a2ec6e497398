"""What the database holds, to see whether a request changed it."""

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

COMINGS_AND_GOINGS = frozenset({"sessions.Session", "usersessions.UserSession"})
"""Tables that note when somebody was seen last; no state of the campaign."""

RANDOM = frozenset({("api.ApiToken", "begins"), ("participation.JoinCode", "code")})
"""Columns that are drawn by lot, beside those that their names tell."""

RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of a file, where another table names it."""

SECRET_WORDS = ("digest", "token", "secret", "nonce", "key", "hash", "previous", "password")


def everything() -> dict[str, str]:
    """Return a digest of each table."""
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in _models()
    }


def new_values(known: dict[str, frozenset[Any]]) -> dict[str, list[str]]:
    """Return the rows of each table as texts that two runs of the same act have in common.

    Left out are times of these days, digests and tokens; a row that is not in `known` is "new".
    """
    return {
        model._meta.label: sorted(_as_text(row, model, known) for row in model._base_manager.all())
        for model in _models()
    }


def keys() -> dict[str, frozenset[Any]]:
    """Return the keys of the rows of each table."""
    return {
        model._meta.label: frozenset(model._base_manager.values_list("pk", flat=True))
        for model in _models()
    }


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.label not in COMINGS_AND_GOINGS:
            yield model


def _as_text(row: models.Model, model: type[models.Model], known: dict[str, Any]) -> str:
    return repr([_comparable(row, one, model, known) for one in model._meta.concrete_fields])


def _comparable(
    row: models.Model, column: Any, model: type[models.Model], known: dict[str, Any]
) -> object:
    value = getattr(row, column.attname)
    target = (
        column.related_model if column.is_relation else type(row) if column.primary_key else None
    )
    if target is not None:
        return value if value in known.get(target._meta.label, ()) else "new"
    if isinstance(column, models.DateTimeField) and value is not None:
        return "now" if abs(timezone.now() - value) < timedelta(hours=1) else value
    if (model._meta.label, column.name) in RANDOM:
        return ""
    if any(word in column.name for word in SECRET_WORDS) or column.name in ("seq", "detail"):
        return ""
    if isinstance(value, str) and RANDOM_ID.fullmatch(value):
        return "an id"
    return value
