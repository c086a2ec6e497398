"""What the database refuses of covered days."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.cases.models.coverage import CoveredDay

pytestmark = pytest.mark.django_db


def test_a_day_of_a_kind_of_evidence_stands_once(world) -> None:
    day = {"node": world.nodes["TC01"], "unit": "", "kind": "dns", "day": "2026-07-01"}
    CoveredDay.objects.create(**day)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoveredDay.objects.create(**day)
    CoveredDay.objects.create(**{**day, "kind": "proxy"})
    assert CoveredDay.objects.count() == 2
