"""Rows that the office vouches for: in by two people, out by two people, each with its effect."""

import pytest

from quetsach.api import gate
from quetsach_portal.api.device_lists import make, place_of
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.storage import path_of
from quetsach_portal.lists import office
from quetsach_portal.lists.models import OfficeRow, OfficeRowKind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.lists.versions import put_in_force, second_owner, tried
from tests.portal.working import run_ready
from tests.portal.world import World


def _watched(campaign: Campaign) -> set[str]:
    campaign.refresh_from_db()
    assert campaign.release_file is not None
    entries = gate.set_of(path_of(campaign.release_file)).indicators
    return {one.key for one in entries if one.decided == "watch"}


def _approve(campaign: Campaign, actor: User) -> int:
    shown = office.approvable(office.rows_of(campaign), actor)
    return office.approve(campaign, shown, actor=actor)


def test_only_what_was_shown_is_approved(world: World) -> None:
    owner, other, campaign = world.user("TC", Role.LEAD_OWNER), second_owner(world), world.campaign
    assert campaign is not None
    (seen,) = office.add(campaign, ["a.example"], kind="block", reason="vì", actor=owner)
    shown = office.approvable(office.rows_of(campaign), other)
    assert office.approvable(office.rows_of(campaign), owner) == []
    office.add(campaign, ["b.example"], kind="block", reason="vì", actor=owner)
    with pytest.raises(Refused):
        office.approve(campaign, [], actor=other)
    assert office.approve(campaign, shown, actor=other) == 1
    assert OfficeRow.objects.get(approved_at__isnull=False) == seen
    # Its end was asked for after the page was shown on which it was new.
    office.end(seen, actor=owner)
    with pytest.raises(Refused):
        office.approve(campaign, shown, actor=other)
    assert OfficeRow.objects.get(pk=seen.pk).ended_at is None


def test_a_row_counts_by_two_people_and_says_what_it_holds_back(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    campaign = put_in_force(world, "mail.office.example\nbad.example\n").campaign
    office.add(campaign, ["Office.example"], kind="blame", reason="của ta", actor=owner)
    assert (office.waiting_for(campaign, owner), office.waiting_for(campaign, other)) == (
        (0, 1),
        (1, 0),
    )
    with pytest.raises(Refused):
        _approve(campaign, owner)
    assert _approve(campaign, other) == 1
    run_ready()
    row = OfficeRow.objects.get()
    assert (row.text, row.effect) == ("office.example", [1, ["mail.office.example"]])
    assert _watched(campaign) == {"mail.office.example"}
    version = tried(world, "new.office.example\nc.example\n")
    assert version.checked["own"] == {"office.example": [1, ["new.office.example"]]}
    office.end(row, actor=other)
    with pytest.raises(Refused):
        office.end(row, actor=owner)
    assert _watched(campaign) == {"mail.office.example"}
    _approve(campaign, owner)
    run_ready()
    assert _watched(campaign) == set()
    assert not office.rows_of(campaign).exists()


def test_a_row_that_is_never_blocked_stays_out_of_the_lists_for_devices(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    campaign = put_in_force(world, "bad.example\nours.example\n").campaign
    campaign.refresh_from_db()
    make(campaign, ["edl-domains.txt"])
    place = place_of(campaign, "edl-domains.txt")
    assert "ours.example" in place.read_text()
    office.add(campaign, ["ours.example"], kind="block", reason="cổng của ta", actor=owner)
    assert place_of(campaign, "edl-domains.txt") == place
    _approve(campaign, other)
    run_ready()
    after = place_of(campaign, "edl-domains.txt").read_text()
    assert ("ours.example" in after, "bad.example" in after) == (False, True)
    assert OfficeRow.objects.get().effect == [1, ["ours.example"]]
    assert _watched(campaign) == set()


def test_rows_are_all_taken_or_none(world: World) -> None:
    owner, campaign = world.user("TC", Role.LEAD_OWNER), world.campaign
    assert campaign is not None
    for texts, reason in (
        (["a.example"], " "),
        (["a.example", "không phải"], "vì"),
        ([], "vì"),
        ([f"a{n}.example" for n in range(501)], "vì"),
    ):
        with pytest.raises(Refused):
            office.add(campaign, texts, kind="blame", reason=reason, actor=owner)
    assert not OfficeRow.objects.exists()
    with pytest.raises(Refused):
        _approve(campaign, owner)
    assert office.lines_in(b"\xef\xbb\xbfa.example # ours\n\n192.0.2.1\n") == [
        "a.example",
        "192.0.2.1",
    ]
    with pytest.raises(Refused):
        office.lines_in(b"a" * 200_001)
    (row,) = office.add(campaign, ["a.example"], kind="block", reason="vì", actor=owner)
    with pytest.raises(Refused):
        office.add(campaign, ["A.example"], kind="block", reason="vì", actor=owner)
    office.end(row, actor=owner)
    assert OfficeRow.objects.get(kind=OfficeRowKind.BLOCK).ended_at is not None
