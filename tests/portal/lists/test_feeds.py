"""Feeds bring received versions and nothing more; a silent or broken one is told once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertKind, AlertState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.lists import feeds
from quetsach_portal.lists.models import Feed, FeedKind, FeedState, ListVersion, ListVersionState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.indicators.fetch.servers import COLLECTION, Asked, Said, serving, taxii_server
from tests.indicators.fetch.test_taxii import indicators
from tests.portal.lists.versions import fresh
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

HOUR = timedelta(hours=1)


def added(world: World, url: str, kind: FeedKind = FeedKind.HTTP, every: int = 60) -> Feed:
    assert world.campaign is not None
    return feeds.add_feed(
        world.campaign,
        title="Cục An toàn thông tin",
        kind=kind,
        url=url,
        every=every,
        actor=world.user("TC", Role.LEAD_OWNER),
    )


def file_of(*texts: str) -> Callable[[Asked], Said]:
    """Answer with one text after the other, the last again and again, with its ETag."""
    left = list(texts)

    def answer(asked: Asked) -> Said:
        text = left.pop(0) if len(left) > 1 else left[0]
        etag = f'"{len(text)}"'
        if asked.headers.get("if-none-match") == etag:
            return Said(b"", 304)
        return Said(text.encode(), headers={"ETag": etag})

    return answer


def alerts(state: AlertState = AlertState.RAISED) -> list[str]:
    rows = Alert.objects.filter(kind=AlertKind.LIST, state=state).order_by("pk")
    return list(rows.values_list("summary", flat=True))


def test_a_taxii_collection_becomes_a_version_once(world: World, tmp_path: Path) -> None:
    secrets = Path(settings.QUETSACH.home) / "feed-secrets"
    secrets.mkdir(parents=True)
    (secrets / "127.0.0.1").write_text("unit:mat khau\n")
    with taxii_server(tmp_path, indicators(3)) as address:
        url = f"{address}/trustgroup1/collections/{COLLECTION}/"
        feed = added(world, url, FeedKind.TAXII)
        enqueue("lists.feeds", key="lists.feeds:a")
        run_ready()
        feed.refresh_from_db()
        assert feeds.ask_feed(feed, timezone.now()) is None
    version = ListVersion.objects.get(feed=feed)
    assert (version.state, version.by) == (ListVersionState.TRIED, None)
    assert version.checked["count"] == 3
    assert version.campaign.release_file is None
    assert (feed.state, feed.failures, feed.problem) == (FeedState.WELL, 0, "")


def test_what_is_unchanged_brings_nothing_and_what_changed_a_version(world: World) -> None:
    with serving(file_of("a.example\n", "a.example\n", "a.example\nb.example\n")) as server:
        feed = added(world, f"{server.address}/danh-sach")
        first = feeds.ask_feed(feed, timezone.now())
        assert feeds.ask_feed(feed, timezone.now()) is None
        second = feeds.ask_feed(feed, timezone.now())
        assert "if-none-match" in server.asked[1].headers
    assert first is not None
    assert second is not None
    assert second.n == first.n + 1
    assert [one.name for one in second.lists.all()] == ["danh-sach.txt"]
    assert fresh(first).state == ListVersionState.RECEIVED


def test_three_failures_are_told_once_and_end(world: World) -> None:
    answers = iter([Said(status=500)] * 3)
    with serving(lambda _asked: next(answers, Said(b"a.example\n"))) as server:
        feed, now = added(world, f"{server.address}/a.txt"), timezone.now()
        for number in range(3):
            feeds.ask_feed(feed, now)
            feeds.look_at(feed, now)
            assert len(alerts()) == (number == 2)
        assert (feed.state, feed.failures) == (FeedState.FAILING, 3)
        assert "500" in alerts()[0]
        assert (feeds.is_due(feed, now + HOUR / 2), feeds.is_due(feed, now + HOUR)) == (False, True)
        assert feeds.ask_feed(feed, now) is not None
        feeds.look_at(feed, now)
    assert (alerts(), len(alerts(AlertState.CLOSED))) == ([], 1)


def test_a_silent_feed_and_a_shrunken_list_are_told(world: World) -> None:
    with serving(lambda _asked: Said(b"a.example\n")) as server:
        feed, now = added(world, f"{server.address}/a.txt"), timezone.now()
        version = feeds.ask_feed(feed, now)
        assert version is not None
        feeds.look_at(feed, now + HOUR)
        assert alerts() == []
        version.changes = {"shrunken": "E222"}
        version.save()
        feeds.look_at(feed, now + HOUR)
        assert len(alerts()) == 1
        feeds.look_at(feed, now + 4 * HOUR)
        assert feed.state == FeedState.STALE
        assert len(alerts()) == 1
        feeds.stop_feed(feed, actor=world.user("TC", Role.LEAD_OWNER))
    feeds.ask_feed(feed, now)
    feeds.look_at(feed, now)
    assert Feed.objects.get(pk=feed.pk).state == FeedState.OFF
    assert alerts() == []


@pytest.mark.asvs("V1.3.6", "V13.2.4")
def test_no_other_host_is_asked(world: World) -> None:
    for url in ("https://other.example/a", "https://10.0.0.1/a", "http://danh-sach.example/a"):
        with pytest.raises(Refused):
            added(world, url)
    with serving(lambda _asked: Said(status=302, headers={"Location": "https://o.example/"})) as at:
        feed = added(world, f"{at.address}/a.txt")
        assert feeds.ask_feed(feed, timezone.now()) is None
        with pytest.raises(Refused):
            added(world, feed.url)
    assert (feed.failures, "E214" in feed.problem) == (1, True)


def test_versions_that_nobody_decides_on_do_not_pile_up(world: World) -> None:
    texts = [f"{'a' * number}.example\n" for number in range(1, 8)]
    with serving(file_of(*texts)) as server:
        feed = added(world, f"{server.address}/a.txt")
        brought = [feeds.ask_feed(feed, timezone.now()) for _text in texts]
    assert [one is not None for one in brought] == [True] * 5 + [False] * 2
    assert feed.failures == 2


def test_feeds_are_kept_by_their_page(world: World) -> None:
    assert world.campaign is not None
    client = signed_in(world.user("TC", Role.LEAD_OWNER))
    page = f"/versions/{world.campaign.pk}/"
    sent = {"title": "Đầu mối", "kind": "http", "every": "60"}
    wrong = client.post(f"{page}feeds", {**sent, "url": "https://other.example/"})
    assert (wrong.status_code, Feed.objects.count()) == (422, 0)
    client.post(f"{page}feeds", {**sent, "url": "https://danh-sach.example/a.txt"})
    feed = Feed.objects.get()
    assert list(feeds.feeds_of(world.campaign)) == [feed]
    assert "Đầu mối" in client.get(page).content.decode()
    client.post(f"{page}feeds/{feed.pk}/stop")
    feed.refresh_from_db()
    assert feed.state == FeedState.OFF
    client.post(f"{page}feeds", {**sent, "url": "https://danh-sach.example/a.txt"})
    feed.refresh_from_db()
    assert feed.state == FeedState.WELL
