"""All evidence of the data set at once: each file is read or named, each line is counted."""

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from quetsach.captures.registry import capture_readers
from quetsach.formats.registry import FALL_BACK
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.real.sweeping import Swept, content_of, files_of, line_starts, swept

pytestmark = pytest.mark.real

KINDS = {decoder.kind for decoder in capture_readers()}
# Files of which nothing is read, by folder and code: none.
UNREAD: Counter[tuple[str, str]] = Counter()
# A row edited by hand, and a line of Metricbeat among Suricata's (see test_formats.py); gateways
# shown by name, a lease without address, a row of Argus that was cut, and
# two packets of a Linux firewall with a key that no kernel writes ("XX=", "URGn=").
REJECTS = {
    "evidence/arp-table/centos-7.7--arp-v.out": 1,
    "evidence/arp-table/centos-7.7--arp.out": 1,
    "evidence/dhcp-leases/network-devices/"
    "mikrotik_routeros_ip_dhcp-server_lease_print_without-paging.raw": 1,
    "evidence/firewall/iptables/crowdsec-iptables-logs.log": 1,
    "evidence/firewall/iptables/wazuh-iptables.log": 1,
    "evidence/flow-text/argus-csv/test5-mixed.binetflow": 1,
    "evidence/zeek-tsv/slips-test10-mixed-zeek-dir/notice.log": 1,
    "evidence/suricata-eve/sekoia/sekoia-suricata.log": 1,
}
DAMAGED = 50
TOLD_OF_DAMAGE = {f"E{number}" for number in (103, *range(105, 109), *range(122, 129), 132)}
READ_AS_TEXT = Path(__file__).with_name("read_as_text.txt")


@pytest.fixture(scope="module")
def harmless() -> tuple[str, ...]:
    """Return names that nobody ever asked for."""
    return ("khong-ai-hoi.example", "never-asked.example", "198-51-100-1.not-here.example")


@pytest.fixture(scope="module")
def quiet(data: Path, harmless: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Swept:
    """Return the sweep of all evidence for names that stand nowhere."""
    folder = tmp_path_factory.mktemp("quiet")
    (folder / "list.txt").write_text("\n".join(harmless), encoding="utf-8")
    lists = read_lists([folder / "list.txt"], ListOptions())
    return swept([data / "evidence"], lists, folder / "findings", root=data)


def test_a_list_of_harmless_names_finds_nothing_and_says_what_was_not_read(quiet: Swept) -> None:
    summary = quiet.summary
    # Two lines name a known resolver of DNS over HTTPS or TLS, which the sieve always looks for.
    assert (summary["sightings"], summary["candidates"], summary["devices"]) == (0, 2, [])
    assert quiet.exit_code == 3


def test_every_file_is_either_read_or_named_as_unread(data: Path, quiet: Swept) -> None:
    files = {path.relative_to(data).as_posix() for path in files_of(data / "evidence")}
    opened = {path.partition("!")[0] for path in quiet.sources}
    assert opened | set(quiet.unread) == files
    closed = [
        (path.split("/")[1], code) for path, code in quiet.unread.items() if path not in opened
    ]
    assert Counter(closed) == UNREAD


def test_every_line_of_every_file_is_counted_as_a_plain_reading_counts_it(
    data: Path, quiet: Swept
) -> None:
    for path, source in quiet.sources.items():
        if source["codec"] in KINDS:
            # Its lines are those of its rendering.
            counted = sum(source["hours"].values()) + source["lines_without_hour"]
            assert counted == source["lines"], path
            continue
        lines = len(line_starts(content_of(data / path)))
        assert source["lines"] == lines, path
        assert sum(source["hours"].values()) + source["lines_without_hour"] == lines, path
    rejects = {path: one["rejects"] for path, one in quiet.sources.items() if one["rejects"]}
    assert rejects == REJECTS


def test_files_that_only_the_fall_back_reads_grow_fewer(quiet: Swept) -> None:
    """What no longer stands among them is to be struck from the list."""
    listed = {
        f"evidence/{line}" for line in READ_AS_TEXT.read_text(encoding="utf-8").splitlines()[1:]
    }
    text = {
        path
        for path, one in quiet.sources.items()
        if one["format"] == FALL_BACK and not path.endswith("/SOURCES.md")
    }
    sys.stdout.write(f"read as text: {len(text)}; to be struck: {sorted(listed - text)}\n")
    assert text <= listed


def damage(content: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return a word for what was done to `content`, and what is left of it."""
    where = chance.randrange(len(content))
    kind = chance.choice(("cut", "flip", "hole", "zeros", "twice"))
    end = where + chance.randrange(1, 5000)
    if kind == "cut":
        return kind, content[:where]
    if kind == "hole":
        return kind, content[:where] + content[end:]
    if kind == "zeros":
        return kind, content[:where] + bytes(len(content[where:end])) + content[end:]
    if kind == "twice":
        return kind, content[:end] + content[where:]
    flipped = bytearray(content)
    for _ in range(chance.choice((1, 10, 200))):
        flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return kind, bytes(flipped)


@pytest.fixture(scope="module")
def damaged(data: Path, tokens_swept: Swept, tmp_path_factory: pytest.TempPathFactory) -> Swept:
    """Return the sweep of damaged copies of text logs; their names begin with what was done."""
    folder = tmp_path_factory.mktemp("damaged")
    chance = random.Random(20260901)
    logs = {path: one for path, one in tokens_swept.sources.items() if one["codec"] not in KINDS}
    files = sorted(path for path, one in logs.items() if one["bytes"] > 2000)
    plain = [one for one in files if one.startswith("evidence/") and "!" not in one]
    for path in chance.sample(plain, DAMAGED):
        kind, content = damage((data / path).read_bytes(), chance)
        copy = folder / kind / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
    target = tmp_path_factory.mktemp("damaged-findings") / "findings"
    return swept([folder], tokens_swept.lists, target, root=folder)


def test_damaged_files_are_read_or_named_and_the_exit_code_says_so(damaged: Swept) -> None:
    files = {path.relative_to(damaged.root).as_posix() for path in files_of(damaged.root)}
    assert len(files) == DAMAGED
    assert set(damaged.sources) | set(damaged.unread) == files
    assert set(damaged.unread.values()) <= TOLD_OF_DAMAGE
    assert damaged.exit_code == 3
    for path, source in damaged.sources.items():
        counted = sum(source["hours"].values()) + source["lines_without_hour"]
        assert counted == source["lines"], path
        if source["codec"] == "plain":
            lines = len(line_starts((damaged.root / path).read_bytes()))
            assert source["lines"] == lines, path


def test_what_stood_before_a_cut_is_still_found(
    data: Path, damaged: Swept, tokens_swept: Swept
) -> None:
    compared = 0
    for path, source in damaged.sources.items():
        kind, _, whole = path.partition("/")
        if kind != "cut" or not source["lines"]:
            continue
        starts = line_starts(content_of(data / whole))
        last = starts[source["lines"] - 1]
        before = of(tokens_swept, whole, last)
        assert of(damaged, path, last) == before, path
        compared += len(before)
    assert compared > 100


def of(found: Swept, path: str, last: int) -> set[tuple[int, str]]:
    """Return place and indicator of the sightings of `path` that begin before `last`."""
    return {
        (row["log.offset"], row["quetsach.indicator.key"])
        for row in found.rows
        if row["log.file.path"] == path and row["log.offset"] < last
    }
