"""Real files are grown without changing their form, and binary ones are left as they are."""

import gzip
from pathlib import Path

from bench.real import greatest, grown


def test_a_log_keeps_its_head_once_and_loses_its_end(tmp_path: Path) -> None:
    source, target = tmp_path / "dns.log.gz", tmp_path / "dns.log"
    source.write_bytes(gzip.compress(b"#fields\tts\n1\tone\n2\ttwo\n#close\n"))
    assert grown(source, target, 24)
    assert target.read_bytes() == b"#fields\tts\n" + b"1\tone\n2\ttwo\n" * 2


def test_a_binary_file_is_copied(tmp_path: Path) -> None:
    source, target = tmp_path / "one.pcap", tmp_path / "two.pcap"
    source.write_bytes(b"\xd4\xc3\xb2\xa1\0\0")
    assert not grown(source, target, 1000)
    assert target.read_bytes() == source.read_bytes()


def test_the_greatest_log_of_a_folder_is_no_document(tmp_path: Path) -> None:
    assert greatest(tmp_path) is None
    (tmp_path / "SOURCES.md").write_text("x" * 100)
    (tmp_path / "a.log").write_text("x")
    assert greatest(tmp_path) == tmp_path / "a.log"
