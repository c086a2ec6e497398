"""Every unit below the lead office takes part, or is named outside with the reason."""

from dataclasses import replace

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.actions.freezing import freeze
from quetsach_portal.campaigns.called_lines import called_lines
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.tree.choosing import (
    TreeChoice,
    choice_of,
    outside_rows,
    outside_units,
    preview,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

pytestmark = pytest.mark.django_db

GOVERNMENT = TreeChoice(["territory"])


def number(code: str) -> int:
    return OrgUnit.objects.get(code=code).pk


def frozen_codes() -> set[str]:
    return set(CampaignNode.objects.values_list("unit__code", flat=True))


def test_the_seed_letter_calls_each_unit_of_its_district(seed_district: Campaign) -> None:
    choice = TreeChoice(list(called_lines(seed_district.letter).words))
    outcome = preview(seed_district.lead_unit, choice, timezone.localdate())
    assert (outcome.units, outcome.outside_count) == (44, 0)
    assert outcome.units == 1 + sum(outcome.counts.values())


def test_a_line_that_is_not_chosen_is_named_unit_by_unit(seed_district: Campaign) -> None:
    outcome = preview(seed_district.lead_unit, GOVERNMENT, timezone.localdate())
    assert outcome.units + len(outcome.outside) == 44
    assert {unit.code for unit in outcome.outside} >= {"DT01", "HU", "HU03"}
    assert all(unit.why for unit in outcome.outside)


def test_single_units_are_left_out_and_added(seed_owner: User, seed_district: Campaign) -> None:
    chosen = replace(
        GOVERNMENT,
        added=frozenset({number("DT04")}),
        left_out=frozenset({number("TC03")}),
        reason="Đang sáp nhập",
    )
    count = freeze(seed_district, chosen, day=timezone.localdate(), actor=seed_owner)
    assert count == CampaignNode.objects.count()
    assert "DT04" in frozen_codes()
    assert "TC03" not in frozen_codes()
    seed_district.refresh_from_db()
    assert choice_of(seed_district) == chosen
    outside = outside_rows(outside_units(seed_district), chosen, timezone.localdate())
    assert len(outside) + count == 44
    assert {unit.code: unit.why for unit in outside}["TC03"] == "Đang sáp nhập"


def test_nobody_is_left_out_without_a_reason(seed_owner: User, seed_district: Campaign) -> None:
    chosen = replace(GOVERNMENT, left_out=frozenset({number("TC03")}))
    with pytest.raises(Refused):
        freeze(seed_district, chosen, day=timezone.localdate(), actor=seed_owner)
