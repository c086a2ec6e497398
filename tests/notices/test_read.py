"""Files of notices as authorities send them, whole and damaged, and what is made of each item."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.notices import read as reading
from quetsach.notices.model import Notice
from quetsach.notices.read import read_notice_files
from tests.notices.reading import INTELMQ, N6, OLDER, SINKHOLE, XARF, read, reasons


def test_each_bad_row_is_rejected_with_its_reason_and_none_is_lost() -> None:
    file = read(
        "timestamp,ip,port,dst_ip,dst_port\n"
        "2022-09-12 05:00:00,203.0.113.5,40112,198.51.100.77,443\n"
        "2022-09-12 05:00:00,203.0.113.500,1,,\n"
        "2022-09-12 05:00:00,,1,,\n"
        "2022-13-45 05:00:00,203.0.113.5,1,,\n"
        "12/09/2022 25:61,203.0.113.5,1,,\n"
        "2022-09-12 05:00:00,203.0.113.5,70000,,\n"
        "2022-09-12 05:00:00,10.0.0.5,1,,\n"
        "2022-09-12 05:00:00,203.0.113.0/24,1,,\n"
        "timestamp,ip,port,dst_ip,dst_port\n"
        "2022-09-12 05:00:00,203.0.113.5,1,,,overflow\n"
        "\n"
    )
    assert reasons(file) == [
        "bad-address",
        "no-address",
        "bad-time",
        "bad-time",
        "bad-port",
        "private-address",
        "network",
        "heading",
        "unreadable",
    ]
    assert file.items == len(file.notices) + len(file.rejected) == 10
    assert [one.number for one in file.rejected] == list(range(2, 11))


def test_private_addresses_are_taken_where_they_are_meant() -> None:
    text = "timestamp,ip,port\n2022-09-12 05:00:00,10.0.5.5,7711\n"
    assert reasons(read(text)) == ["private-address"]
    assert read(text, accept_private=True).notices[0].address == "10.0.5.5"


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("203.0.113. 5", "203.0.113.5"),
        ("203.0.\u200b113.5", "203.0.113.5"),
        ("203[.]0[.]113[.]5", "203.0.113.5"),
        ("203.0.113.5 6", None),
        ("203.0.113.5 203.0.113.6", None),
        ("2 03.0.113.5", None),
    ],
)
def test_an_address_broken_at_a_dot_is_whole_again_but_no_number_is_guessed(
    cell: str, address: str | None
) -> None:
    file = read(f"timestamp,ip,port\n2022-09-12,{cell},1\n")
    assert [one.address for one in file.notices] == ([address] if address else [])


def test_ipv6_is_written_in_its_shortest_form() -> None:
    one = read("timestamp,ip,port\n2022-09-12 05:00:00,2001:0DB8:0::0005,40112\n").notices[0]
    assert (one.address, one.port) == ("2001:db8::5", 40_112)


@pytest.mark.parametrize("text", ["", "no table at all\n", "a,b,c\n1,2,3\n", "{}", "[]", "[[[["])
def test_what_is_no_notice_is_said_to_be_none(text: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read(text)
    assert caught.value.problem.code == "E251"


def test_headings_without_any_row_are_an_error_and_no_clean_answer() -> None:
    with pytest.raises(QuetsachError) as caught:
        read("timestamp,ip,port\n")
    assert caught.value.problem.code == "E253"


def test_too_many_items_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ITEMS", 3)
    with pytest.raises(QuetsachError) as caught:
        read("timestamp,ip,port\n" + "2022-09-12,203.0.113.5,1\n" * 4)
    assert caught.value.problem.code == "E252"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_notice_files([tmp_path / "gone.csv"])
    assert caught.value.problem.code == "E250"
    assert "gone.csv" in str(caught.value)


def test_a_line_of_16_mb_and_deep_nesting_cost_one_item() -> None:
    file = read("timestamp,ip,port\n2022-09-12,203.0.113.5,1\n" + "x" * (16 << 20) + "\n")
    assert reasons(file) == ["too-long"]
    deep = read(json.dumps(N6) + "\n" + "[" * 1_000_000 + "\n", "n.json")
    assert (len(deep.notices), len(deep.rejected)) == (2, 1)


DAMAGE = st.sampled_from(list(',"\t\n\r\0\x1b{}[]:;.09azĐ\u202e\ufeff'))


@given(
    st.sampled_from([SINKHOLE, OLDER, json.dumps([N6]), json.dumps(XARF), json.dumps(INTELMQ)]),
    st.lists(st.tuples(st.integers(0, 600), DAMAGE), max_size=6),
)
def test_damaged_files_give_items_or_an_error_and_never_lose_one(
    text: str, damage: list[tuple[int, str]]
) -> None:
    for at, sign in damage:
        text = text[: at % len(text)] + sign + text[at % len(text) + 1 :]
    try:
        file = read(text)
    except QuetsachError as error:
        if error.problem.code not in {"E251", "E253", "E410", "E411", "E414"}:
            raise
        return
    assert file.items == len(file.notices) + len(file.rejected)
    numbers = sorted(one.number for one in (*file.notices, *file.rejected))
    assert numbers == list(range(1, file.items + 1))
    for one in file.notices:
        assert isinstance(one, Notice)
        assert one.port is None or 0 < one.port <= 65_535
        assert "\x1b" not in one.family + one.reference + one.source
