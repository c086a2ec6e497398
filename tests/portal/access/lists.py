"""Who may open the pages of the app `lists`."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from quetsach_portal.files.actions import store_upload
from quetsach_portal.lists.models import (
    DoubtfulRow,
    Feed,
    FeedKind,
    ListHold,
    ListVersion,
    ListVersionState,
    OfficeRow,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, Row
from tests.portal.access.sent_files import Sent
from tests.portal.world import World, make_campaign

LOOKS = "LO LA AU"
WORKS = "LO LA"


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    campaign = world.campaign
    if campaign is None or campaign.lead_unit.code != code:
        campaign = make_campaign(world, lead=code)
    return {"campaign_id": campaign.pk}


def _version(
    world: World, code: str, state: ListVersionState = ListVersionState.TRIED
) -> Mapping[str, Any]:
    arguments = _campaign(world, code)
    owner = world.user(code, Role.LEAD_OWNER)
    n = ListVersion.objects.filter(campaign=arguments["campaign_id"]).count() + 1
    path = world.units[code].path
    version = ListVersion.objects.create(
        campaign_id=arguments["campaign_id"],
        n=n,
        title="Đợt 2",
        state=state,
        by=owner,
        release=store_upload(
            Sent("a.jsonl", b"{}\n"), purpose="release", owner_path=path, actor=None
        ),
        in_force_at=timezone.now() if state == ListVersionState.IN_FORCE else None,
    )
    DoubtfulRow.objects.create(
        version=version, key="8.8.8.8", shown="8.8.8.8", kind="address", proposal="drop"
    )
    return {**arguments, "n": n}


def _decided(_world: World, _code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    row = DoubtfulRow.objects.get(
        version__campaign=arguments["campaign_id"], version__n=arguments["n"]
    )
    return {"rows": [row.pk], "decision": "drop", "reason": "", "until": ""}


def _feed(world: World, code: str) -> Mapping[str, Any]:
    arguments = _campaign(world, code)
    feed = Feed.objects.create(
        **arguments,
        title="Đầu mối",
        kind=FeedKind.HTTP,
        url="https://danh-sach.example/a.txt",
        made_by=world.user(code, Role.LEAD_OWNER),
    )
    return {**arguments, "feed_id": feed.pk}


def _in_force(world: World, code: str) -> Mapping[str, Any]:
    if (campaign := world.campaign) is not None and campaign.lead_unit.code == code:
        ListVersion.objects.filter(campaign=campaign, state=ListVersionState.IN_FORCE).update(
            state=ListVersionState.SUPERSEDED
        )
    return _version(world, code, ListVersionState.IN_FORCE)


def _hold(world: World, code: str) -> Mapping[str, Any]:
    arguments = _in_force(world, code)
    version = ListVersion.objects.get(campaign=arguments["campaign_id"], n=arguments["n"])
    row = ListHold.objects.create(
        version=version,
        key="a.example",
        reason="nhầm",
        until=timezone.localdate(),
        by=world.user(code, Role.LEAD_ANALYST),
    )
    return {"campaign_id": arguments["campaign_id"], "hold_id": row.pk}


def _office_row(world: World, code: str) -> Mapping[str, Any]:
    arguments = _campaign(world, code)
    count = OfficeRow.objects.count()
    row = OfficeRow.objects.create(
        campaign_id=arguments["campaign_id"],
        kind="blame",
        text=f"a{count}.example",
        reason="của ta",
        by=world.user(code, Role.LEAD_ANALYST),
    )
    return {**arguments, "row_id": row.pk}


def _office(world: World, code: str) -> Mapping[str, Any]:
    return {"campaign_id": _office_row(world, code)["campaign_id"]}


def _shown_rows(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    rows = OfficeRow.objects.filter(campaign=arguments["campaign_id"], approved_at=None)
    return {"rows": " ".join(f"{row.pk}:new" for row in rows)}


ROWS = (
    Row(
        "lists:step",
        make=_campaign,
        get=LOOKS,
        post=WORKS,
        seen=ALL,
        data={"title": "Đợt 3", "lists": Sent("a.txt", b"a.example\n")},
    ),
    Row(
        "lists:hold",
        make=_in_force,
        get=None,
        post=WORKS,
        seen=ALL,
        data={"key": "a.example", "reason": "nhầm", "until": ""},
    ),
    Row("lists:settle", make=_hold, get=None, post="LO", seen=ALL, data={"act": "lift"}),
    Row(
        "lists:office_add",
        make=_campaign,
        get=None,
        post=WORKS,
        seen=ALL,
        data={"kind": "blame", "rows": "b.example", "reason": "của ta"},
    ),
    Row("lists:office_approve", make=_office, get=None, post="LO", seen=ALL, data=_shown_rows),
    Row("lists:office_end", make=_office_row, get=None, post=WORKS, seen=ALL),
    Row(
        "lists:add_feed",
        make=_campaign,
        get=None,
        post="LO",
        seen=ALL,
        data={
            "title": "Đầu mối",
            "kind": "http",
            "url": "https://danh-sach.example/b.txt",
            "every": "60",
        },
    ),
    Row("lists:stop_feed", make=_feed, get=None, post="LO", seen=ALL),
    Row(
        "lists:index",
        make=_campaign,
        get=LOOKS,
        post=WORKS,
        seen=ALL,
        data={"title": "Đợt 3", "lists": Sent("a.txt", b"a.example\n")},
    ),
    Row("lists:show", make=_version, get=LOOKS, seen=ALL),
    Row("lists:decide", make=_version, get=None, post=WORKS, seen=ALL, data=_decided),
    Row(
        "lists:act",
        make=_version,
        get=None,
        post=WORKS,
        seen=ALL,
        data={"act": "refuse", "reason": "nhầm", "shrink_reason": ""},
    ),
    Row("lists:file", make=_version, get=LOOKS, seen=ALL),
)
