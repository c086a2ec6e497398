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

RANDOM = frozenset(
    {
        ("api.ApiToken", "begins"),
        ("campaigns.CalendarFeed", "begins"),
        # A moment, as a number of microseconds.
        ("cases.CaseContact", "when_us"),
        ("participation.JoinCode", "code"),
        ("participation.JoinCode", "short"),
        # Numbers of new rows as text: PostgreSQL counts on where SQLite begins anew.
        ("audit.AuditEvent", "object_id"),
        ("campaigns.CampaignNode", "path"),
        ("reports.CampaignSalt", "salt"),
        # It says when it was made, and so do its digests.
        ("reports.ReportVersion", "payload"),
        ("reports.ReportVersion", "sha256"),
        ("reports.ReportVersion", "prev_sha256"),
    }
)
"""Columns that are drawn by lot, beside those that their names tell."""

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
"""The name of a stored file, as the trail has it."""

_RANDOM = re.compile(rf"{_UUID.pattern}|[0-9a-f]{{16,}}|\b[0-9]+\b")
NUMBERED = frozenset({"path", "unit_path", "owner_path", "object_id", "actor_id"})
"""What is made of the numbers of rows; who acted stands in `actor`, too."""

SECRET_WORDS = ("digest", "token", "secret", "nonce", "key", "hash", "previous", "password")


def everything() -> dict[str, str]:
    """Return a digest of each table."""
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in compared_models()
    }


def new_values(known: dict[str, frozenset[Any]]) -> dict[str, list[str]]:
    """Return the rows of each table as texts that two runs of the same act have in common.

    Times are rounded to hours from now, digests and tokens left out; a row that is not in
    `known` is "new".
    """
    return {
        model._meta.label: sorted(as_text(row, model, known) for row in model._base_manager.all())
        for model in compared_models()
    }


def keys() -> dict[str, frozenset[Any]]:
    """Return the keys of the rows of each table."""
    return {
        model._meta.label: frozenset(model._base_manager.values_list("pk", flat=True))
        for model in compared_models()
    }


def compared_models() -> Iterator[type[models.Model]]:
    """Yield the models whose rows say something of the campaign."""
    for model in apps.get_models():
        if model._meta.label not in COMINGS_AND_GOINGS:
            yield model


def as_text(row: models.Model, model: type[models.Model], known: dict[str, Any]) -> str:
    """Return a row as a text that two runs of the same act have in common."""
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
        return f"in {round((value - timezone.now()) / timedelta(hours=1))} h"
    if (model._meta.label, column.name) in RANDOM or _UUID.fullmatch(str(value)):
        return ""
    if any(word in column.name for word in SECRET_WORDS) or column.name == "seq":
        return ""
    if isinstance(column, models.JSONField):
        # What refers to a new row or holds a random part differs each time.
        return _RANDOM.sub("#", repr(value))
    if column.name in NUMBERED:
        # Numbers of rows that were taken back are not given out again on PostgreSQL.
        return re.sub(r"[0-9]+", "#", str(value))
    return value
