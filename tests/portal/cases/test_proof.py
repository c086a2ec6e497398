"""The four conditions of a proof are those of the verdict, with how far each is met."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.cases import actions
from quetsach_portal.cases.models.case import Case, HandlingKind
from quetsach_portal.cases.proof import proof_of
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.cases.sweeps import BAD, PC, Take, at, days_ago, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_without_a_removal_nothing_counts(world: World) -> None:
    proof = proof_of(rows.make_case(world, "TC01"), None, [])
    assert {proof.handled, proof.covered, proof.alive, proof.silent} == {"no"}
    assert (proof.earliest, list(proof.days)) == (None, [])


def test_days_are_told_as_the_verdict_counts_them(
    world: World, client_of: ClientOf, take_in: Take, tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[4], contacts=[(4, PC, BAD)], name="a"))
    case = Case.objects.get()
    actor = world.user("TC01", Role.TECHNICIAN)
    actions.record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(4, 16), actor=actor)
    take_in(findings_of(tmp_path, days=[3, 1], name="b"))
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.get(reverse("cases:show", args=[case.pk]))
    proof = page.context["shown"].proof
    assert (proof.handled, proof.covered, proof.silent) == ("yes", "part", "part")
    assert proof.covered_days == 2
    looks = [(day.day, day.look) for day in proof.days]
    ahead = [(timezone.localdate() + timedelta(days=number), "ahead") for number in range(4)]
    past = [(days_ago(3), "covered"), (days_ago(2), "none"), (days_ago(1), "covered")]
    assert looks == past + ahead
    assert proof.earliest == days_ago(4) + timedelta(days=8)
    text = page.content.decode()
    assert "2/7" in text
    assert "đến nay chưa thấy, trong nhật ký của 2 ngày" in text


def test_a_silence_without_logs_is_not_called_silence(world: World, client_of: ClientOf) -> None:
    case = rows.make_handling(world, "TC01").case
    Case.objects.filter(pk=case.pk).update(state="handled")
    text = client_of("TC01", Role.TECHNICIAN).get(f"/cases/{case.pk}/").content.decode()
    assert "chưa có ngày nào có nhật ký: chưa thể biết" in text
    assert "đến nay chưa thấy" not in text


def test_a_day_of_two_kinds_is_covered_where_both_are(world: World) -> None:
    case = rows.make_case(world, "TC01")
    case.state = "handled"
    start = date(2026, 11, 1)
    dns = [(start + timedelta(days=n), "covered") for n in (1, 2)]
    web = [(start + timedelta(days=1), "covered"), (start + timedelta(days=2), "none")]
    days = proof_of(case, start, [dns, web]).days
    assert [day.look for day in days[:2]] == ["covered", "partial"]
