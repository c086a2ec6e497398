"""A list as a file: whole, unchanged by its ETag, and from no address that is not allowed."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.fetch import FetchOptions, ServerInterface, fetch_list
from quetsach.indicators.fetch.plain import etag_of
from tests.indicators.fetch.servers import Asked, Said, serving

LIST = b"bad.example\n\n203.0.113.7\n"


def answer(asked: Asked) -> Said:
    if asked.headers.get("if-none-match") == '"v1"':
        return Said(b"", 304, {"ETag": '"v1"'})
    return Said(LIST, headers={"ETag": '"v1"'})


def test_a_file_is_fetched_once_while_it_is_the_same(tmp_path: Path) -> None:
    with serving(answer) as server:
        first = fetch_list(server.address, tmp_path / "a", FetchOptions(ServerInterface.HTTP))
        again = FetchOptions(ServerInterface.HTTP, etag=first.etag)
        second = fetch_list(server.address, tmp_path / "b", again)
    assert ((tmp_path / "a").read_bytes(), first.count, first.etag) == (LIST, 2, '"v1"')
    assert (second.count, (tmp_path / "b").exists()) == (0, False)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (FetchOptions(ServerInterface.HTTP, added_after="2026-01-01"), "E601"),
        (FetchOptions(ServerInterface.HTTP, admits=lambda peer: peer != "127.0.0.1"), "E214"),
    ],
)
def test_what_is_not_allowed_is_not_fetched(
    tmp_path: Path, options: FetchOptions, code: str
) -> None:
    with serving(answer) as server, pytest.raises(QuetsachError) as caught:
        fetch_list(server.address, tmp_path / "a", options)
    assert (caught.value.problem.code, server.asked) == (code, [])


def test_an_empty_file_is_no_list_and_nothing_unasked_is_unchanged(tmp_path: Path) -> None:
    answers = iter([Said(b"\n"), Said(b"", 304)])
    with serving(lambda _asked: next(answers)) as server:
        for _number in range(2):
            with pytest.raises(QuetsachError) as caught:
                fetch_list(server.address, tmp_path / "a", FetchOptions(ServerInterface.HTTP))
            assert caught.value.problem.code == "E216"


def test_only_a_true_etag_is_sent_back() -> None:
    assert [etag_of(one) for one in (' W/"a" ', '"a b"', "a", '"' + "a" * 200 + '"')] == [
        'W/"a"',
        "",
        "",
        "",
    ]
