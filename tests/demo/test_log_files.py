"""The files of the demo: packed, cut, and in folders with odd names."""

import gzip
import json

import pytest

from tests.demo.reading import Built, files_of_sort, pieces


def test_the_cut_archive_breaks_off_in_its_middle(built: Built) -> None:
    (path,) = files_of_sort(built, "xa-kim-son/zeek/2022-09-16/dns.log.gz")
    with pytest.raises(EOFError), gzip.open(path) as whole:
        whole.read()


def test_the_cut_log_ends_in_half_a_line(built: Built) -> None:
    (path,) = files_of_sort(built, "xa-tan-hiep/suricata/eve.json")
    *whole, last = pieces(path)
    assert all(json.loads(line) for line in whole)
    assert last.startswith('{"timestamp"')
    # The piece still names a listed address, so that it cannot be passed over in silence.
    assert "203.0.113.77" in last
    with pytest.raises(json.JSONDecodeError):
        json.loads(last)


def test_one_folder_has_a_blank_and_diacritics(built: Built) -> None:
    assert (built.root / "evidence" / "thị trấn Trà Cú").is_dir()
