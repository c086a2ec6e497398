from itertools import product
from pathlib import Path

import pytest

from quetsach.indicators.allow import doubtful
from quetsach.indicators.allow.classes import proposal, span_of
from quetsach.indicators.allow.doubtful import DoubtfulIndex, compiled_index, doubtful_classes
from quetsach.indicators.allow.lists import AllowList, AllowLists, find_allow_matches
from quetsach.indicators.model import AllowDecision, Decision, Indicator, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.releases.decisions import Decisions, apply_decisions
from quetsach.indicators.values import parse_value


def _spans(*texts: str) -> list[tuple[int, int, int]]:
    return [span for span in map(span_of, texts) if span is not None]


LISTS = AllowLists(
    (
        AllowList("resolvers", "resolver", spans=_spans("192.0.2.53", "2001:db8::53")),
        AllowList("clouds", "cloud", spans=_spans("198.51.100.0/25", "2001:db8:1::/48")),
        AllowList("mail", "mail-server", spans=_spans("198.51.100.64/26")),
        AllowList("sinkholes", "sinkhole", exact=["hole.example"], spans=_spans("192.0.2.53")),
        AllowList("sites", "top-sites", exact=["site.example", "www.wide.example"]),
        AllowList("vendors", "vendor", below=["maker.example"]),
        AllowList("many", "top-million", exact=["some.example", "a.above.example"]),
        AllowList("rented", "dynamic-dns", below=["rented.example"]),
        AllowList("pages", "shared-platform", below=["github.io"]),
        AllowList("empty files", "benign-file", exact=["e3" * 32]),
    )
)

WORDS = (
    *("192.0.2.53", "192.0.2.54", "192.0.2.53:853", "192.0.2.0/24", "198.51.100.70"),
    *("198.51.100.1", "198.51.100.0/24", "198.51.100.128", "http://192.0.2.53/gate.php"),
    *("2001:db8::53", "2001:db8:1::1", "2001:db8::/32", "2001:db8:2::1", "[2001:db8::53]:53"),
    *("site.example", "www.site.example", "wide.example", "https://site.example/"),
    *("https://site.example/evil/gate.php", "maker.example", "update.maker.example"),
    *("some.example", "www.some.example", "above.example", "evil.rented.example"),
    *("rented.example", "evil.github.io", "hole.example", "e3" * 32, "a4" * 32, "bad.example"),
)


def _indicators(words: tuple[str, ...] = WORDS) -> list[Indicator]:
    options = ListOptions(accept_private=True)
    return [Indicator(*one[:5]) for word in words for one in parse_value(word, options).values]


@pytest.fixture(scope="module")
def index() -> DoubtfulIndex:
    read = doubtful._read(compiled_index(LISTS, "ab"), "ab")
    assert read is not None
    return read


@pytest.fixture
def asked(index: DoubtfulIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubtful, "warning_index", lambda: index)


@pytest.mark.usefixtures("asked")
def test_what_check_would_ask_about_is_doubtful_and_nothing_else() -> None:
    indicators = _indicators()
    met = find_allow_matches(IndicatorSet(tuple(indicators)), LISTS)
    for one in indicators:
        on = met.get((one.key, one.kind), ())
        wanted = {each.of_class for each in on if proposal(one, (each,)) is not AllowDecision.KEEP}
        assert doubtful_classes(one) == tuple(sorted(wanted)), one.key
    doubted = {one.key for one in indicators if doubtful_classes(one)}
    assert {"192.0.2.53", "site.example", "wide.example", "2001:db8::53"} <= doubted
    assert not doubted & {"bad.example", "hole.example", "evil.github.io", "198.51.100.1"}


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("few", [0, 1000])
def test_few_indicators_are_proposed_as_many_are(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    indicators = IndicatorSet(tuple(_indicators()))
    monkeypatch.setattr(doubtful, "_FEW", few)
    monkeypatch.setattr(doubtful, "allow_lists", lambda _sources, usual: LISTS)
    met = doubtful.usual_matches(indicators)
    slow = find_allow_matches(indicators, LISTS)
    for one in indicators.indicators:
        place = one.key, one.kind
        assert proposal(one, met.get(place, ())) is proposal(one, slow.get(place, ())), one.key
    assert ("bad.example", one.kind) not in met


@pytest.mark.usefixtures("asked")
def test_what_a_person_decided_to_keep_is_not_doubtful() -> None:
    (resolver,) = _indicators(("192.0.2.53",))
    decision = Decision(
        key=resolver.key,
        verdict=AllowDecision.KEEP,
        reason="taken over, says the letter",
        until="2030-01-01T00:00:00+07:00",
        decided="2026-11-30T08:00:00+07:00",
        by="Lan",
        classes=(),
    )
    decided, _dropped = apply_decisions(
        IndicatorSet((resolver,)), Decisions({resolver.key: decision})
    )
    assert doubtful_classes(resolver) == ("resolver",)
    assert doubtful_classes(next(iter(decided.indicators))) == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-8],
        lambda raw: raw + b"\0" * 8,
        lambda raw: b"{}\n" + raw,
        lambda raw: raw.replace(b'"form":1', b'"form":0'),
    ],
)
def test_a_compiled_file_that_is_not_sound_is_made_again(damage: object, tmp_path: Path) -> None:
    assert callable(damage)
    place = tmp_path / "lists.index"
    place.write_bytes(damage(compiled_index(LISTS, "ab")))
    try:
        opened = doubtful._opened(place, "ab")
    except (ValueError, OSError):
        opened = None
    assert opened is None


def test_the_index_is_kept_where_it_can_be_written_and_named_by_its_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists, closed, kept = tmp_path / "lists", tmp_path / "file", tmp_path / "cache"
    lists.mkdir()
    closed.write_text("in the way")
    (lists / "resolver.txt").write_text("192.0.2.53\n")
    monkeypatch.setattr(doubtful, "misp_lists", lambda: lists)
    monkeypatch.setattr(
        doubtful, "_places", lambda source: (one / f"{source}.index" for one in (closed, kept))
    )
    (resolver, other) = _indicators(("192.0.2.53", "192.0.2.54"))
    for _time in range(2):
        doubtful.warning_index.cache_clear()
        assert (doubtful_classes(resolver), doubtful_classes(other)) == (("resolver",), ())
    assert len(list(kept.iterdir())) == 1
    (lists / "resolver.txt").write_text("192.0.2.54 \n")
    doubtful.warning_index.cache_clear()
    assert (doubtful_classes(resolver), doubtful_classes(other)) == ((), ("resolver",))
    doubtful.warning_index.cache_clear()


def test_the_lists_of_misp_doubt_what_everybody_uses() -> None:
    words = ("8.8.8.8", "facebook.com", "dns.google", "bad.example", "192.0.2.1")
    assert [bool(doubtful_classes(one)) for one in _indicators(words)] == [True] * 3 + [False] * 2


@pytest.mark.usefixtures("asked")
def test_each_kind_of_digest_stays_apart(index: DoubtfulIndex) -> None:
    numbers = [list(part) for part in (index.itself, index.below, index.above)]
    assert all(part == sorted(set(part)) for part in numbers)
    assert all(not set(one) & set(other) for one, other in product(numbers[:1], numbers[1:2]))
