"""Whatever is written to contacts, units say what a question of the contacts says."""

import random
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from quetsach_portal.lifecycle.recount import Difference, unlike_units
from quetsach_portal.units.contact_rows import KEPT
from quetsach_portal.units.models import OrgUnit, UnitContact
from tests.portal.world import World

pytestmark = pytest.mark.django_db

MAILS = ("a@x.example", "b@x.example", "c@x.example", "", "no-address")


def _write(chosen: random.Random, units: list[OrgUnit]) -> None:
    """Write something to contacts in one of the ways in which acts do."""
    day = timezone.localdate() + timedelta(days=chosen.choice((-400, -1, 0, 0, 3)))
    fields = {
        "mail": chosen.choice(MAILS),
        "disabled_reason": chosen.choice(("", "", "550")),
        "valid_from": day,
    }
    rows = UnitContact.objects.filter(unit=chosen.choice(units))
    way = chosen.randrange(6)
    if way == 0:
        role = chosen.choice(("receiver", "signer"))
        UnitContact.objects.bulk_create(
            [UnitContact(unit=one, role=role, **fields) for one in units], ignore_conflicts=True
        )
    elif way == 1:
        rows.update(valid_to=timezone.localdate() + timedelta(days=chosen.randrange(500, 503)))
    elif way == 2:
        rows.filter(valid_to__isnull=True).update(disabled_reason=chosen.choice(("", "551")))
    elif way == 3 and (contact := rows.last()) is not None:
        contact.mail = f"{chosen.randrange(3)}@y.example"
        contact.save()
    elif way == 4 and (contact := rows.first()) is not None:
        contact.delete()
    else:
        rows.filter(mail=chosen.choice(MAILS)).delete()


def _wrong(world: World) -> list[Difference]:
    return list(unlike_units(world.campaign))


@pytest.mark.parametrize("seed", range(2))
def test_after_each_act_units_agree_with_their_contacts_on_every_day(
    seed: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, units = random.Random(seed), list(world.units.values())
    for _act in range(15):
        _write(chosen, units)
        assert _wrong(world) == []
    kept = list(OrgUnit.objects.order_by("pk").values(*KEPT))
    today = timezone.localdate()
    for later in (1, 3, 501):
        moved = today + timedelta(days=later)
        monkeypatch.setattr(timezone, "localdate", lambda moved=moved: moved)
        assert _wrong(world) == []
    monkeypatch.undo()
    migration = import_module("quetsach_portal.units.migrations.0004_keep_contacts")
    defaults = {field.name: field.default for field in OrgUnit._meta.fields if field.name in KEPT}
    OrgUnit.objects.update(**{**defaults, "contact_since": None})
    with connection.cursor() as cursor:
        migration.keep(apps, SimpleNamespace(connection=connection, execute=cursor.execute))
    assert list(OrgUnit.objects.order_by("pk").values(*KEPT)) == kept


def test_what_was_changed_by_hand_is_named(world: World) -> None:
    unit, node = world.units["TC01"], world.nodes["TC01"]
    UnitContact.objects.create(unit=unit, mail="a@x.example")
    OrgUnit.objects.filter(pk=unit.pk).update(
        no_contact=True, has_bounced=True, is_reached=False, contact_since=None
    )
    assert [(one.node, one.figure, one.stored) for one in _wrong(world)] == [
        (node.pk, "no_contact", 1),
        (node.pk, "has_bounced", 1),
        (node.pk, "is_reached", 0),
        (node.pk, "contact_since", 0),
    ]


def test_only_what_tells_settles(world: World, django_assert_num_queries: Any) -> None:
    UnitContact.objects.create(unit=world.units["TC01"], mail="a@x.example")
    with django_assert_num_queries(1):
        UnitContact.objects.update(phone="0294 000 000")
