"""The catalogue of tools: one spelling, refused with words where it is none."""

import json

import pytest

from quetsach.errors import QuetsachError
from quetsach.texts import in_language
from quetsach.trusted_tools import (
    FORMAT,
    MOST_BYTES,
    Catalogue,
    Tool,
    catalogue_json,
    find,
    read_catalogue,
)

SCANNER = Tool(
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


def catalogue(**changed: object) -> dict[str, object]:
    made = Catalogue(FORMAT, "Sở KH&CN", "2022-09-20T08:00:00+07:00", (SCANNER,))
    whole = json.loads(catalogue_json(made))
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
    assert find([SCANNER], "ab" * 32, "whatever.bin").tool is SCANNER
    fake = find([SCANNER], "cd" * 32, "Sen-Scanner (1).exe")
    assert (fake.tool, fake.named) == (None, (SCANNER,))
    assert find([SCANNER], "cd" * 32, "setup.exe").named == ()
