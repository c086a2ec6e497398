"""The peers of the grid do the same match, on the same input, or say what they found otherwise."""

from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench import literals, peers, polars_match
from bench.agree import met_by_duckdb
from bench.shapes import Shape

LINES = b"one bad.example\ntwo BAD.example 203.0.113.7\nthree good.example\nfour notbad.example\n"


def test_a_peer_gets_only_what_it_reads_by_itself() -> None:
    assert all(peers.can_read(name, Shape()) for name in peers.ALL)
    assert peers.can_read(peers.DUCKDB, Shape(codec="gz", files=10))
    assert not peers.can_read(peers.DUCKDB, Shape(codec="xz"))
    assert not peers.can_read(peers.RIPGREP, Shape(files=10))
    assert not peers.can_read(peers.HYPERSCAN, Shape(codec="gz"))


def test_what_a_peer_found_otherwise_is_said_with_its_name(tmp_path: Path) -> None:
    for name, number in ((peers.DUCKDB, "C1"), (peers.POLARS, "C2")):
        table = pa.table({"number": [number], "indicator": ["bad.example"]})
        pq.write_table(table, peers.pairs_of(name, tmp_path))
    said = peers.disagreements(frozenset({("C1", "bad.example")}), peers.ALL, tmp_path)
    assert "DuckDB" not in said
    assert "only Polars: 1, as [('C2', 'bad.example')]" in said


@pytest.mark.skipif(find_spec("hyperscan") is None, reason="needs requirements/bench.txt")
def test_hyperscan_finds_the_lines_that_hold_a_row(tmp_path: Path) -> None:
    log, listed = tmp_path / "log", tmp_path / "list.txt"
    log.write_bytes(LINES)
    listed.write_text("bad.example\n203.0.113.7\n")
    found = literals.lines(log, literals.compiled(listed), 0, len(LINES))
    assert [line.split()[0] for line in found] == [b"one", b"two", b"four"]


@pytest.mark.skipif(find_spec("polars") is None, reason="needs requirements/bench.txt")
def test_polars_matches_names_by_their_ends(tmp_path: Path) -> None:
    log, listed, out = tmp_path / "log", tmp_path / "list.txt", tmp_path / "out"
    log.write_text(
        'sessionid=1 hostname="www.BAD.example" srcip=192.168.0.1 dstip=203.0.113.7\n'
        'x sessionid=2 hostname="notbad.example" srcip=192.168.0.1 dstip=203.0.113.7\n'
        'x sessionid=3 hostname="www.BAD.example" srcip=192.168.0.1 dstip=203.0.113.9\n'
    )
    listed.write_text("bad.example\n203.0.113.7\n")
    polars_match.main("fortigate", str(log), str(listed), str(out))
    assert met_by_duckdb(out) == {("2", "203.0.113.7"), ("3", "bad.example")}
