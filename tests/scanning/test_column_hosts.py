"""Which hosts are plain, and which of a row are known."""

import pyarrow as pa

from quetsach.scanning.batch_matching import PLAIN_HOST, KnownHost
from quetsach.scanning.column_hosts import are_plain, numbered_hosts, numbered_lists, parts_of
from tests.scanning.test_batch_matching import HOSTS, USUAL

ONE, OTHER = KnownHost(token=b"one"), KnownHost(token=b"other")


def test_the_same_hosts_are_plain_as_one_by_one() -> None:
    hosts = [*HOSTS, *USUAL, "x" * 249 + ".abc", "x" * 250 + ".abc", "a:b", "::", "1:" * 22 + "1"]
    for some in (hosts, [host for host in hosts if ":" not in host]):
        wanted = [PLAIN_HOST.fullmatch(host) is not None for host in some]
        assert are_plain(pa.array(some)).to_pylist() == wanted
    assert are_plain(pa.array([None, "a.test"], pa.string())).to_pylist() == [False, True]


def test_a_row_has_the_number_of_its_hosts() -> None:
    names = pa.array(["a", "b", None, "c", "b"]).dictionary_encode()
    numbers, slots = numbered_hosts(names, {2: OTHER, 1: ONE})
    assert [slots[number] for number in numbers.to_pylist()] == [(), (ONE,), (), (OTHER,), (ONE,)]


def test_a_list_has_the_number_of_all_of_its_hosts() -> None:
    lists = pa.array([["a", "b"], None, ["c", "b", "a"], ["b", "c"], ["a", "b"]])
    numbers, slots = numbered_lists(lists, parts_of(lists), {0: ONE, 2: OTHER})
    told = [slots[number] for number in numbers.to_pylist()]
    assert told == [(ONE,), (), (OTHER, ONE), (OTHER,), (ONE,)]
