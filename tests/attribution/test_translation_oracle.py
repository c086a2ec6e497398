"""The history of translations answers as its slow twin does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.attribution.model import OutsideEndpoint
from quetsach.attribution.translations import TranslationHistory
from tests.attribution.translation_rows import BAD, PUBLIC, Nat, table
from tests.oracles import translations as oracle
from tests.whole import daily

SECOND = oracle.SECOND
OTHER = "203.0.113.9"

TIMES = st.sampled_from([None, *range(10_000, 20_000, 700)])
RECORD = st.builds(
    Nat,
    inside_ip=st.sampled_from(["10.0.0.5", "10.0.0.6", "10.0.0.7"]),
    start=TIMES,
    end=TIMES,
    when=TIMES,
    public_port=st.sampled_from([None, 100, 101, 200, 300]),
    last_port=st.sampled_from([None, None, 150, 250, 399]),
    inside_port=st.just(51544),
    remote_ip=st.sampled_from([None, BAD, OTHER]),
    remote_port=st.none(),
    transport=st.none(),
    public_ip=st.just(PUBLIC),
    rough=st.sampled_from([False, False, True, None]),
    file=st.just(0),
    offset=st.just(0),
)


def _us(told: float | None) -> int | None:
    return None if told is None else round(told * SECOND)


def _plain(one: Nat) -> oracle.Row:
    start, end = _us(one.start), _us(one.end)
    if start is not None and end is not None and end < start:
        end = None
    port, last = one.public_port, one.last_port
    return oracle.Row(
        one.inside_ip or "",
        port,
        # A block that would end below its first port is that port alone.
        None if port is None or last is None or last <= port else last,
        one.remote_ip,
        one.remote_port,
        one.transport,
        start,
        end,
        _us(one.when),
        bool(one.rough),
    )


@settings(max_examples=daily(50, whole=200), deadline=None)
@given(
    st.lists(RECORD, max_size=12, unique_by=lambda one: (one[:6], one.start, one.end, one.when)),
    st.lists(
        st.builds(
            oracle.Asked,
            port=st.sampled_from([None, 99, 100, 101, 149, 151, 200, 250, 300, 399, 400]),
            when=st.sampled_from([None, *(n * SECOND for n in range(9_000, 24_000, 350))]),
            remote=st.sampled_from([None, BAD, OTHER, "203.0.113.1"]),
            slack=st.sampled_from([0, SECOND, 400 * SECOND]),
        ),
        min_size=5,
        max_size=20,
    ),
)
def test_any_records_agree(records: list[Nat], questions: list[oracle.Asked]) -> None:
    placed = [one._replace(offset=number) for number, one in enumerate(records)]
    history = TranslationHistory(table(placed), ["x"])
    rows = [_plain(one) for one in placed]
    for asked in questions:
        seen = OutsideEndpoint(PUBLIC, asked.port, asked.when, asked.remote or "")
        found = history.inside(seen, slack_us=asked.slack)
        told = frozenset(one.address for one in found), str(found[0].grade) if found else ""
        assert told == oracle.inside(rows, asked), asked


@given(st.data())
def test_the_order_of_the_records_does_not_matter(data: st.DataObject) -> None:
    drawn = data.draw(st.lists(RECORD, max_size=10))
    records = [one._replace(offset=number) for number, one in enumerate(drawn)]
    one = TranslationHistory(table(records), ["x"])
    other = TranslationHistory(table(data.draw(st.permutations(records))), ["x"])
    for port in (None, 100, 200):
        for when in range(10_000, 20_000, 1_000):
            seen = OutsideEndpoint(PUBLIC, port, when * SECOND)
            assert one.inside(seen) == other.inside(seen)
