"""A changed list is taken when it is sound; one that is empty, cut or broken is not."""

from pathlib import Path

from quetsach.errors.exceptions import Problem
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ScanJob, WorkerTools, prepare
from quetsach.signing.keys import generate_key_pair
from quetsach.watch.changing_list import ChangingList
from tests.waiting import wait_until
from tests.watch.releases import write_release


def _news(lists: ChangingList, now_s: float) -> WorkerTools | Problem | None:
    """Return what becomes of the list, once it was read aside."""
    looks: list[WorkerTools | Problem | None] = []

    def is_read() -> bool:
        looks.append(lists.look(now_s))
        return looks[-1] is not None or lists._reading is None

    wait_until(is_read)
    return looks[-1]


def test_a_sound_list_is_swapped_in_and_a_cut_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("a.example\nb.example\nc.example\n", encoding="ascii")

    def read() -> IndicatorSet:
        return read_lists([path], ListOptions())

    lists = ChangingList([path], read, prepare(ScanJob(read())))
    assert _news(lists, 10.0) is None
    path.write_text("a.example\nb.example\nc.example\nd.example\n", encoding="ascii")
    assert lists.look(11.0) is None
    news = _news(lists, 20.0)
    assert isinstance(news, WorkerTools)
    assert (news, lists.count) == (lists.tools, 4)
    for now_s, text in ((30.0, ""), (40.0, "a.example\n")):
        path.write_text(text, encoding="ascii")
        refused = _news(lists, now_s)
        assert isinstance(refused, Problem)
        assert (refused.code, lists.count) == ("E506", 4)
    path.unlink()
    gone = _news(lists, 50.0)
    assert isinstance(gone, Problem)
    assert lists.count == 4
    lists.close()


def test_four_bad_lists_are_refused_and_the_signed_one_stays(tmp_path: Path) -> None:
    path, key = tmp_path / "list.jsonl", generate_key_pair("lead")
    first = write_release(path, "abcd", 1, key=key)

    def read() -> IndicatorSet:
        return read_lists([path], ListOptions())

    lists = ChangingList([path], read, prepare(ScanJob(read())))
    damaged = write_release(path, "abcde", 2, after=first, key=key).replace(b"e.ex", b"f.ex")
    bad = {
        "empty": lambda: path.write_bytes(b""),
        "cut": lambda: path.write_bytes(damaged[: len(damaged) // 2]),
        "damaged": lambda: path.write_bytes(damaged),
        "unsigned": lambda: write_release(path, "abcde", 2, after=first),
        "without previous": lambda: write_release(path, "abcde", 2, key=key),
    }
    for place, (name, write) in enumerate(bad.items(), start=1):
        write()
        lists.look(100.0 * place)
        refused = _news(lists, 100.0 * place)
        assert isinstance(refused, Problem), name
        assert refused.code == "E506", name
        assert lists.count == 4, name
    write_release(path, "abcde", 3, after=first, key=key)
    lists.look(1000.0)
    assert isinstance(_news(lists, 1000.0), WorkerTools)
    assert lists.count == 5
    lists.close()
