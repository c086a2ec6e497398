"""The copy that a person gets of what the portal keeps about her, as plain data."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import models
from django.db.models import Q

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import shortened
from quetsach_portal.lifecycle.persons.grounds import Ground, ground_of, link_fields, text_fields
from quetsach_portal.lifecycle.persons.naming import PersonNames, named_person, rows_naming
from quetsach_portal.lifecycle.retention_table import RETENTION, Fate
from quetsach_portal.people.models.account import User

MOST_ROWS = 2000
"""So many rows of a field stand in the copy one by one; all are counted."""

_EXCERPT = 80
ADDRESSES = (
    "people.Invitation.email",
    "people.MailChoice.address",
    "mail.OutboxMail.to",
    "units.UnitContact.mail",
    "letters.Dispatch.address",
    "alerts.AlertMail.address",
    "followup.FollowupMail.address",
)
"""Fields that hold one mail address and nothing else."""


def person_copy(user: User, *, with_texts: bool) -> dict[str, Any]:
    """Return all that is kept about `user`; values are plain, times in ISO 8601.

    Shapes: `rows` has an entry a field of the retention table that leads to the person: `how` is
    "link", "address" or "text", `rule` what becomes of it, `count` all rows, `rows` the first
    MOST_ROWS. Only `with_texts` every free text is searched for the name, which takes long on a
    great database; `texts_searched` says whether it was. Of other people nothing is in it.
    """
    person = named_person(user)
    rows = [*_linked(user), *_addressed(person)]
    if with_texts:
        rows += _in_texts(person)
    return {
        "account": _account(user),
        "sign_in": _sign_in(user),
        "name_searched": bool(person.name),
        "texts_searched": with_texts,
        "rows": rows,
        "trail": list(_trail(user)),
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "number": user.pk,
        "email": user.email,
        "name": user.name,
        "phone_last4": user.phone_last4,
        "language": user.language,
        "is_active": user.is_active,
        "created_at": user.created_at.isoformat(),
        "last_login": None if user.last_login is None else user.last_login.isoformat(),
    }


def _sign_in(user: User) -> dict[str, Any]:
    return {
        "addresses": list(EmailAddress.objects.filter(user=user).values_list("email", flat=True)),
        "second_factors": [
            {"kind": factor.type, "since": factor.created_at.isoformat()}
            for factor in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "other_accounts": [
            {"provider": account.provider, "number_there": account.uid}
            for account in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
        "sessions": [
            {
                "network": shortened(session.ip),
                "browser": session.user_agent,
                "since": session.created_at.isoformat(),
            }
            for session in UserSession.objects.filter(user=user).order_by("pk")
        ],
    }


def rule_of(name: str) -> str:
    """Return what becomes of a field, for machines: keep, blank or delete, and when."""
    retention = RETENTION[name]
    return (
        retention.fate.value
        if retention.fate is Fate.KEEP
        else f"{retention.fate}: {retention.after}"
    )


def _entry(name: str, how: str, count: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    ground = ground_of(name)
    return {
        "field": name,
        "how": how,
        "rule": rule_of(name),
        "stays_because": "" if ground is None or how == "link" else ground.value,
        "count": count,
        "rows": rows,
    }


def _linked(user: User) -> Iterator[dict[str, Any]]:
    for name, model, field in link_fields():
        matching = model._base_manager.filter(**{field.name: user.pk})
        yield from _dated_rows(name, "link", model, matching)


def _addressed(person: PersonNames) -> Iterator[dict[str, Any]]:
    for model, fields in text_fields().items():
        for name, field in fields.items():
            if name in ADDRESSES:
                asked = Q()
                for email in person.emails:
                    asked |= Q(**{f"{field.name}__iexact": email})
                yield from _dated_rows(name, "address", model, model._base_manager.filter(asked))


def _dated_rows(
    name: str, how: str, model: type[models.Model], matching: models.QuerySet[Any]
) -> Iterator[dict[str, Any]]:
    dates = [
        field.name for field in model._meta.concrete_fields if isinstance(field, models.DateField)
    ]
    rows = [
        {
            "id": str(row.pop("pk")),
            **{key: value.isoformat() for key, value in row.items() if value},
        }
        for row in matching.order_by("pk").values("pk", *dates)[: MOST_ROWS + 1]
    ]
    if rows:
        count = len(rows) if len(rows) <= MOST_ROWS else matching.count()
        yield _entry(name, how, count, rows[:MOST_ROWS])


def _in_texts(person: PersonNames) -> Iterator[dict[str, Any]]:
    for model, fields in text_fields().items():
        rest = {
            name: field
            for name, field in fields.items()
            if name not in ADDRESSES and ground_of(name) is not Ground.TRAIL
        }
        met: dict[str, list[dict[str, Any]]] = defaultdict(list)
        counts: Counter[str] = Counter()
        for row_id, naming in rows_naming(person, model, rest) if rest else ():
            counts.update(naming.keys())
            for name, value in naming.items():
                if len(met[name]) < MOST_ROWS:
                    met[name].append({"id": str(row_id), "text": _excerpt(value, person)})
        for name, rows in met.items():
            yield _entry(name, "text", counts[name], rows)


def _excerpt(value: Any, person: PersonNames) -> str:
    text = str(value)
    matching = person.pattern.search(text)
    if matching is None:
        return ""
    return text[max(0, matching.start() - _EXCERPT) : matching.end() + _EXCERPT]


def _trail(user: User) -> Iterator[Mapping[str, Any]]:
    mine = Q(actor_id=user.pk) | Q(object_kind="user", object_id=str(user.pk))
    for event in AuditEvent.objects.filter(mine).order_by("seq").iterator(chunk_size=2000):
        yield {
            "seq": event.seq,
            "at": event.at.isoformat(),
            "act": event.action,
            "by_you": event.actor_id == user.pk,
            "object": f"{event.object_kind} {event.object_id}",
            # Who acted on the account is another person, and so is their network.
            "network": event.ip if event.actor_id == user.pk else "",
        }
