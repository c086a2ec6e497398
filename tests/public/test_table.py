"""The mapped table gives what a dictionary of all addresses gives, and refuses damaged files."""

import hashlib
import ipaddress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach_public.addresses import caller_of
from quetsach_public.table import FACT, SEAL, AddressTable, TableError, day_number
from quetsach_public.table_writing import PublicEntry, write_table
from tests.public.made import EMOTET, MIRAI, contents, seen

V4 = st.builds(
    lambda low, length: str(ipaddress.ip_network((0xC0000200 + low, length), strict=False)),
    st.integers(0, 255),
    st.integers(27, 32),
)


V6 = st.builds(
    lambda low, length: str(
        ipaddress.ip_network(((0x20010DB8 << 96) + (low << 64), length), strict=False)
    ),
    st.integers(0, 63),
    st.integers(60, 64),
)


LISTED = st.builds(
    lambda network, family, first, more: PublicEntry(
        network, family, first, first + timedelta(more)
    ),
    st.one_of(V4, V6),
    st.sampled_from(["Mirai", "Emotet"]),
    st.dates(date(2022, 8, 1), date(2022, 9, 1)),
    st.integers(0, 20),
)


def oracle(listed: list[PublicEntry], address: str) -> tuple[str, date, date] | None:
    """Look at every row: the slow, obvious answer."""
    asked = ipaddress.ip_address(address)
    rows = [one for one in listed if asked in ipaddress.ip_network(one.network)]
    if not rows:
        return None
    last = max(one.last for one in rows)
    order = [MIRAI.name, EMOTET.name]
    family = min((one.family for one in rows if one.last == last), key=order.index)
    return family, min(one.first for one in rows), last


@settings(max_examples=40, deadline=None)
@given(st.lists(LISTED, max_size=12))
def test_it_says_what_looking_at_every_row_says(
    tmp_path_factory, listed: list[PublicEntry]
) -> None:
    path = tmp_path_factory.mktemp("table") / "table.bin"
    write_table(path, contents(*listed))
    table = AddressTable(path)
    asked = [f"192.0.2.{n}" for n in range(256)]
    asked += [f"2001:db8:0:{n:x}::5" for n in range(64)]
    for address in asked:
        caller = caller_of(address)
        assert caller is not None
        found = table.seen(caller)
        said = None if found is None else (found.family.name, found.first, found.last)
        assert said == oracle(listed, address), address
        assert table.look_up(caller) == (found or table.covers(caller)), address


def test_ranges_and_shared_networks(tmp_path: Path) -> None:
    write_table(tmp_path / "t", contents(seen("192.0.2.10")))
    table = AddressTable(tmp_path / "t")
    for address, covered, shared in (
        ("192.0.2.0", True, False),
        ("192.0.2.255", True, False),
        ("192.0.3.0", False, False),
        ("192.0.1.255", False, False),
        ("198.51.100.63", True, True),
        ("198.51.100.64", True, False),
        ("2001:db8::1", True, False),
        ("2001:db9::1", False, False),
        ("::ffff:192.0.2.10", True, False),
    ):
        caller = caller_of(address)
        assert caller is not None
        assert (table.covers(caller), table.is_shared(caller)) == (covered, shared), address


def sealed_again(damaged: bytes | bytearray) -> bytes:
    """Return a table whose writer was wrong: what it says is whole."""
    return bytes(damaged[:-SEAL]) + hashlib.sha256(damaged[:-SEAL]).digest()


def test_every_cut_and_many_damages_are_refused_or_answer_within_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t"
    write_table(
        path, contents(*(seen(f"192.0.2.{n}") for n in range(0, 256, 3)), seen("2001:db8::/48"))
    )
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(TableError):
            AddressTable(path)
    for place in range(0, len(whole), 5):
        damaged = bytearray(whole)
        damaged[place] ^= 0x11
        path.write_bytes(damaged)
        with pytest.raises(TableError):
            AddressTable(path)
    head = whole.index(b'"sections"')
    for place in range(0, head, 5):
        damaged = bytearray(whole)
        damaged[place] ^= 0x11
        path.write_bytes(sealed_again(damaged))
        try:
            table = AddressTable(path)
        except TableError:
            continue
        caller = caller_of("192.0.2.3")
        assert caller is not None
        table.seen(caller)


def test_a_fact_of_a_family_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t"
    write_table(path, contents(seen("192.0.2.3")))
    table = AddressTable(path)
    table.families = ()
    caller = caller_of("192.0.2.3")
    assert caller is not None
    with pytest.raises(TableError):
        table.seen(caller)


def test_a_table_is_refused_when_it_is_read_where_a_fact_names_no_family(tmp_path: Path) -> None:
    for network in ("192.0.2.3", "2001:db8:7::/48"):
        path = tmp_path / "t"
        write_table(path, contents(seen(network)))
        whole = path.read_bytes()
        fact = FACT.pack(0, day_number(date(2022, 9, 1)), day_number(date(2022, 9, 18)))
        assert whole.count(fact) == 1
        path.write_bytes(sealed_again(whole.replace(fact, FACT.pack(9, 1, 1))))
        with pytest.raises(TableError, match="family"):
            AddressTable(path)
