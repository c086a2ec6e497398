"""Every field that can name somebody stands in the table, and what it says comes true."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.lifecycle import actions
from quetsach_portal.lifecycle.retention_table import ARCHIVE, RETENTION, Fate
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.access import cases, followup
from tests.portal.letters import staged
from tests.portal.world import World

PLANTED = "Trần Thị Trồng Cây"
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
NUMBERED = ("key", "engine_key", "address")
"""Fields that stay apart in a row's own way: they get the row's number behind the planted words."""


def of_the_portal() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("quetsach_portal."):
            yield model


def can_name_somebody(field: models.Field) -> bool:
    if field.is_relation:
        return field.related_model is User
    if isinstance(field, models.GenericIPAddressField | models.FileField):
        return True
    return isinstance(field, TEXTS) and not field.choices


@pytest.mark.asvs("V14.2.4")
def test_every_field_that_can_name_somebody_stands_in_the_table_once() -> None:
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in of_the_portal()
        for field in model._meta.concrete_fields
        if can_name_somebody(field)
    }
    assert fields - RETENTION.keys() == set()
    assert RETENTION.keys() - fields == set()


def blanked_texts() -> Iterator[tuple[type[models.Model], models.Field]]:
    for name, retention in RETENTION.items():
        model_name, _dot, field_name = name.rpartition(".")
        model = apps.get_model(model_name)
        field = model._meta.get_field(field_name)
        if retention.fate is Fate.BLANK and not field.is_relation:
            yield model, field


def plant() -> set[str]:
    """Write the planted words into every text that is blanked; return the fields that had rows."""
    planted = set()
    for model, field in blanked_texts():
        value: object = PLANTED[: field.max_length or len(PLANTED)]
        if isinstance(field, models.JSONField):
            value = {"devices": [PLANTED]} if field.get_default() == {} else [PLANTED]
        elif field.name in NUMBERED:
            number = Cast(models.F("pk"), models.CharField())
            value = Concat(models.Value(PLANTED), number)
        if model._base_manager.update(**{field.name: value}):
            planted.add(f"{model._meta.label}.{field.name}")
    return planted


def still_named() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model, field in blanked_texts()
        for row in model._base_manager.values_list(field.name, flat=True)
        if PLANTED[:12] in str(row)
    }


@pytest.mark.asvs("V14.2.7")
@pytest.mark.django_db
def test_what_is_blanked_or_deleted_at_the_archiving_is_gone(world: World) -> None:
    staged.contact(world.units["TC01"], "tc01@xa.example", person=PLANTED, phone="0900")
    staged.released(world)
    for make in (followup._extension, followup._receipt, followup._paper, followup._evidence):
        make(world, "TC01")
    for make in (cases._handling, cases._own_alarm, cases._batch, cases._file):
        make(world, "TC01")
    planted = plant()
    assert {"letters.Dispatch.person", "cases.Device.host_name"} <= planted
    assert still_named() == planted
    Campaign.objects.filter(pk=world.campaign.pk).update(
        state=CampaignState.CLOSED, closed_at=timezone.now() - timedelta(days=91)
    )
    state.request_archive(world.campaign, actor=world.user("TC", Role.LEAD_OWNER))
    actions.archive(world.campaign, actor=world.user("TC", Role.LEAD_ANALYST))
    assert still_named() == set()
    for name, retention in RETENTION.items():
        if retention.fate is Fate.DELETE and retention.after == ARCHIVE:
            assert not apps.get_model(name.rpartition(".")[0])._base_manager.exists(), name
