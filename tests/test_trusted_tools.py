"""The catalogue of tools: one spelling, refused with words where it is none."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import in_language
from quetsach.trusted_tools import (
    FORMAT,
    MOST_BYTES,
    Catalogue,
    TrustedTool,
    catalogue_json,
    find,
    read_catalogue,
)

SCANNER = TrustedTool(
    name="Máy quét Sen",
    maker="Hãng Sen",
    version="4.2",
    file="sen-scanner-setup.exe",
    sha256="ab" * 32,
    address="https://sen.example/tai-ve",
    purpose={"vi": "Quét máy tính", "en": "Scans computers"},
    platforms=("windows",),
    languages=("vi",),
    offline=True,
)
MADE = Catalogue(
    FORMAT,
    "Sở KH&CN",
    "2022-09-20T08:00:00+07:00",
    "2022-10-20T00:00:00+07:00",
    7,
    (SCANNER,),
    ("ef" * 32,),
)


def catalogue(**changed: object) -> dict[str, object]:
    whole = json.loads(catalogue_json(MADE))
    whole["tools"][0] |= changed
    return whole


def test_what_is_written_is_read() -> None:
    data = json.dumps(catalogue()).encode()
    read = read_catalogue(data, "x")
    assert read.tools == (SCANNER,)
    assert read_catalogue(catalogue_json(read), "x") == read


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sha256": "AB" * 32}, "digest"),
        ({"sha256": "ab"}, "digest"),
        ({"address": "http://sen.example"}, "https"),
        ({"name": ""}, "empty"),
        ({"name": "a\u202eb"}, "shown"),
        ({"maker": "x" * 501}, "too long"),
        ({"unknown": 1}, "unknown"),
        ({"price": "free"}, "int"),
    ],
)
def test_a_flawed_entry_is_refused_with_words(changed: dict[str, object], told: str) -> None:
    with in_language("en"):
        with pytest.raises(QuetsachError) as caught:
            read_catalogue(json.dumps(catalogue(**changed)).encode(), "tools.json")
        assert caught.value.problem.code == "E270"
        assert told in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b" " * (MOST_BYTES + 1), b'{"format":"x"}'],
)
def test_what_is_no_catalogue_is_refused(data: bytes) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_catalogue(data, "tools.json")
    assert caught.value.problem.code == "E270"
    other = {**catalogue(), "format": "quetsach-tools/2"}
    with pytest.raises(QuetsachError, match="quetsach-tools/1"):
        read_catalogue(json.dumps(other).encode(), "tools.json")


def test_a_file_is_its_digest_and_its_name_is_only_a_claim() -> None:
    assert find(MADE, "ab" * 32, "whatever.bin").tool is SCANNER
    fake = find(MADE, "cd" * 32, "Sen-Scanner (1).exe")
    assert (fake.tool, fake.named, fake.is_withdrawn) == (None, (SCANNER,), False)
    assert find(MADE, "cd" * 32, "setup.exe").named == ()


def test_a_withdrawn_digest_is_no_tool_even_where_it_is_listed() -> None:
    assert find(MADE, "ef" * 32, "x").is_withdrawn
    both = msgspec.structs.replace(MADE, withdrawn=("ab" * 32,))
    assert find(both, "ab" * 32, "x").tool is None


@pytest.mark.parametrize(
    "changed",
    [{"valid_until": ""}, {"valid_until": "2022-10-20T00:00:00"}, {"withdrawn": ["AB" * 32]}],
)
def test_a_catalogue_without_an_end_or_with_flawed_digests_is_refused(
    changed: dict[str, object],
) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_catalogue(json.dumps(catalogue() | changed).encode(), "tools.json")
    assert caught.value.problem.code == "E270"


def test_a_catalogue_is_over_after_its_last_moment() -> None:
    assert not MADE.is_over(datetime(2022, 10, 19, 17, tzinfo=UTC))
    assert MADE.is_over(datetime(2022, 10, 19, 17, 0, 1, tzinfo=UTC))
