"""What the database refuses of cases and their history."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from quetsach_portal.cases.models.case import Case, CaseEvent
from tests.portal.cases.sweeps import (
    Take,
    infected,
)

pytestmark = pytest.mark.django_db


def test_B1_the_database_refuses_an_end_without_outcome_and_a_second_open_case(
    take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(closed_at=timezone.now())
    case = only_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(node=case.node, device=case.device)


def test_L1_the_database_refuses_to_change_a_line_of_the_history(
    take_in: Take, tmp_path: Path
) -> None:
    take_in(infected(tmp_path))
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        CaseEvent.objects.update(note="nothing happened")
    assert connection.vendor in ("sqlite", "postgresql")
