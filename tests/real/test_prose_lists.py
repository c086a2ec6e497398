"""Reports and notes of others: what is taken agrees with a naive count that shares no code."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quetsach.indicators.formats.contract import ListFile, ListRow
from quetsach.indicators.formats.registry import FORMS
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.text.in_text import find_indicators
from quetsach.indicators.values import parse_value

pytestmark = pytest.mark.real

FOLDERS = ("unit42-notes", "eset-reports", "avast-ioc")
HASH = re.compile(r"(?<![\w.])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![\w.])")
DEFANGED = re.compile(r"[^\s`|<>\"“”]*\[\.\][^\s`|<>\"“”]*")
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL | re.IGNORECASE)
NAIVE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+")


@dataclass(frozen=True)
class Read:
    """One file: its text, the rows our reader gave, and the keys of what it took."""

    name: str
    text: str
    rows: tuple[ListRow, ...]
    keys: frozenset[str]
    form: str

    def refused(self, value: str) -> str | None:
        """Return why the value that holds `value` was refused."""
        return next(
            (row.refused for row in self.rows if row.refused and value in row.value.lower()), None
        )


def _read(path: Path, options: ListOptions | None = None) -> Read:
    used = ListOptions() if options is None else options
    file = ListFile(path.name, "", path.read_bytes(), path.suffix, True, used)
    form, reading = next(
        (one.name, found) for one in FORMS if (found := one.read(file)) is not None
    )
    rows = tuple(reading.rows)
    taken = (parse_value(row.value, used).values for row in rows if row.refused is None)
    keys = frozenset(value.key for values in taken for value in values)
    return Read(path.name, file.text or "", rows, keys, form)


@pytest.fixture(scope="module")
def reports(data: Path) -> list[Read]:
    return [
        _read(path)
        for folder in FOLDERS
        for path in sorted((data / "indicators" / folder).iterdir())
        if path.name != "SOURCES.md"
    ]


def naive_hosts(text: str) -> Iterator[tuple[str, str]]:
    """Return (word, host) of each word in which somebody wrote `[.]`."""
    for word in DEFANGED.findall(text):
        plain = word.replace("[.]", ".").replace("[:]", ":").replace("[://]", "://")
        host = re.split(r"[/?#]", plain.rpartition("://")[2])[0].rpartition("@")[2]
        found = HOST.search(host.strip(".,;:()[]'*+"))
        if found:
            yield word, found.group().lower().strip(".-_")


def held(host: str, found: Read) -> bool:
    """Return whether an indicator of this host was taken."""
    return any(
        key == host or key.startswith((f"{host}/", f"{host}:", f"[{host}]")) for key in found.keys
    )


def is_mail(word: str, host: str, found: Read) -> bool:
    """`somebody@gmail[.]com`: an address of a mailbox, whatever stands behind it."""
    return found.refused(host) == "mail-address" and "@" in word


def is_told(word: str, host: str, found: Read) -> bool:
    """It was refused, and the user sees why: harmless, somebody's own, a piece, a typing error."""
    told = ("unclear", "context", "private", "public-suffix", "reference", "other-kind")
    return found.refused(host) in told


def is_within(word: str, host: str, found: Read) -> bool:
    """`?q=https://evil.com`: it stands within a longer value, whose own host is another one."""
    return found.refused(host) is None and any(
        host in re.sub(r"%2f", "2f", row.value.lower()).partition("://")[2][1:]
        for row in found.rows
    )


def is_share(word: str, host: str, found: Read) -> bool:
    """`\\\\evil.com@80\\share\\a.msi`: the naive search took the file for the host."""
    share = re.search(r"([\w.\[\]-]+)@\d+\\", word)
    return (
        share is not None
        and host.endswith(".msi")
        and held(share.group(1).replace("[.]", "."), found)
    )


EXPLANATIONS: dict[str, tuple[Callable[[str, str, Read], bool], int]] = {
    "a mailbox": (is_mail, 24),
    "refused, with its reason": (is_told, 252),
    "a piece of a longer value": (is_within, 7),
    "the file on a share": (is_share, 2),
}


def test_every_defanged_host_is_taken_or_explained(reports: list[Read]) -> None:
    reasons: Counter[str] = Counter()
    total = 0
    for one in reports:
        for word, host in sorted(set(naive_hosts(one.text))):
            total += 1
            if held(host, one):
                continue
            why = [name for name, (is_so, _) in EXPLANATIONS.items() if is_so(word, host, one)]
            assert len(why) == 1, (one.name, word, host, why)
            reasons.update(why)
    assert total == 7043
    assert reasons == {name: count for name, (_, count) in EXPLANATIONS.items()}


def test_every_hash_is_taken_refused_or_a_piece_of_a_web_address(reports: list[Read]) -> None:
    count: Counter[str] = Counter()
    for one in reports:
        for digest in {found.lower() for found in HASH.findall(one.text)}:
            # One stands behind "&subid1=" on a line of its own, the rest of an address.
            longer = any(digest in row.value.lower() and "/" in row.value for row in one.rows)
            within = longer or f"={digest}" in one.text.lower()
            what = "taken" if digest in one.keys else one.refused(digest) or (within and "within")
            assert what, (one.name, digest)
            count[what] += 1
    assert count == HASHES


HASHES = {"taken": 3752, "within": 51, "context": 37, "reference": 2}


def plain(text: str) -> str:
    """Return `text` as a reader would refang it by hand."""
    for mark, sign in (
        ("[.]", "."), ("(.)", "."), ("[dot]", "."), ("[:]", ":"), ("[://]", "://"), ("[.", "."),
        ("[", ""), ("]", ""), ("\\.", "."), (" [.] ", "."),
    ):  # fmt: skip
        text = text.replace(mark, sign)
    return text.lower()


def test_no_host_is_taken_that_no_line_writes_whole(reports: list[Read]) -> None:
    """A piece cut out of a longer name would blame whoever owns the piece."""
    for one in reports:
        text = plain(one.text)
        for key in one.keys:
            host = re.split(r"[/:]", key)[0]
            if HOST.fullmatch(host) and "xn--" not in host:
                whole = re.compile(rf"(?<![\w.])-*\.?{re.escape(host)}(?![\w-])")
                assert whole.search(text), (one.name, key)


EVERYBODYS = re.compile(
    r"(?:^|\.)(?:(?:facebook|twitter|x|linkedin|github|virustotal|microsoft|google|youtube|avast"
    r"|welivesecurity|eset|paloaltonetworks)\.com|w3\.org|mozilla\.org|wikipedia\.org|abuse\.ch"
    r"|avast\.io|openxmlformats\.org)$"
)


def test_pages_of_news_laboratories_and_networks_are_taken_only_where_they_are_defanged(
    reports: list[Read],
) -> None:
    pages = 0
    for one in (report for report in reports if report.form == "prose"):
        words = [plain(word) for word in DEFANGED.findall(one.text)]
        for key in one.keys:
            host = key.partition("/")[0]
            if EVERYBODYS.search(host):
                assert key.rstrip("/") != host, (one.name, "a whole site", key)
                assert any(host in word for word in words), (one.name, key)
                pages += 1
    assert pages == 100


def test_every_line_of_the_valid_ones_gives_one_value(data: Path) -> None:
    path = data / "indicators/extraction-corpora/valid.txt"
    options = ListOptions(accept_private=True)
    rows = _read(path, options).rows
    assert [row.number for row in rows] == list(range(1, 49))
    none = {
        row.text: parse_value(row.value, options).reason
        for row in rows
        if len(parse_value(row.value, options).values) != 1
    }
    # A digest that no log and no scanner writes, and the digits of a telephone.
    assert [len(text) for text in none] == [128, 8]
    assert set(none.values()) == {"unparsable"}


def test_each_valid_value_is_found_in_a_sentence_as_well(data: Path) -> None:
    options = ListOptions(accept_private=True)
    for line in (data / "indicators/extraction-corpora/valid.txt").read_text().splitlines():
        if len(line) in (128, 8):
            continue
        found = find_indicators(f"Đề nghị chặn {line} trên hệ thống.", options)
        keys = [value.key for one in found for value in one.parsed.values]
        assert keys == [value.key for value in parse_value(line, options).values], line


HTML_ROWS = {
    "html_table--html_table.data": 17,
    "html_table--html_table_column_split.data": 12,
    "html_table--html_table_ignore_values.data": 4,
    "html_table--html_table_multivalue_cols.data": 10,
    "html_table--html_table_with_attribute.data": 12,
    "html_table--test_viriback.data": 814,
    "html_table--feodotracker.html": 2,
}


def test_tables_of_web_pages_give_every_address_and_hash_of_their_cells(data: Path) -> None:
    for name, taken in HTML_ROWS.items():
        path = data / "indicators/intelmq-feeds" / name
        raw = path.read_text(encoding="utf-8", errors="replace")
        cells = [html.unescape(re.sub(r"<[^>]*>", " ", one)) for one in CELL.findall(raw)]
        found = read_lists([path], ListOptions())
        (reading,) = found.readings
        assert (reading.form, reading.taken) == ("document", taken), name
        ours = {one.key for one in found.indicators}
        naive = {cell.strip().lower() for cell in cells if NAIVE.fullmatch(cell.strip())}
        assert naive, name
        assert naive <= ours, (name, naive - ours)
