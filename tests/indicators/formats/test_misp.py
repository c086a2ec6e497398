"""MISP as CSV: the export, tables with a column a type, and digests that are no hashes of files."""

from quetsach.indicators.model import IndicatorClass, Tlp
from quetsach.indicators.options import RefusalReason
from tests.indicators.formats.reading import read, rows, taken

HEADER = "uuid,event_id,category,type,value,comment,to_ids,date,object_relation,attribute_tag\n"
ROW = (
    '"575c8598-f1f0-4c16-a94a-0612c0a83866",2,"Network activity","{}","{}","{}",{},1663000000'
    ',"","{}"\n'
)


def export(*attributes: tuple[str, str, str, int, str]) -> bytes:
    return (HEADER + "".join(ROW.format(*one) for one in attributes)).encode()


def test_the_export_is_read_by_type_and_flag() -> None:
    raw = export(
        ("domain", "bad.example", "c2", 1, "tlp:green,type:OSINT"),
        ("domain|ip", "other.example|203.0.113.7", "", 1, ""),
        ("domain", "seen.example", "", 0, ""),
        ("filename", "vi-du.exe", "", 1, ""),
        ("hostname", "www.bad.example", "một, hai\nba", 1, ""),
    )
    found = rows(raw, "misp-csv")
    assert taken(found) == ["bad.example", "other.example", "203.0.113.7", "www.bad.example"]
    assert [one.refused for one in found if one.refused] == [
        RefusalReason.NOT_FOR_DETECTION,
        RefusalReason.OTHER_KIND,
    ]
    assert found[0].claim.tlp is Tlp.GREEN
    assert found[0].claim.of_class is IndicatorClass.C2
    assert found[0].place == "MISP event 2"
    assert (found[-1].number, found[-1].claim.label) == (6, "một, hai\nba")


def test_a_table_named_after_types_is_read_column_by_column() -> None:
    raw = f"md5, sha1, domain\n{'a' * 32}, {'b' * 40}, bad.example\n{'c' * 32}\n,,,x\n".encode()
    found = rows(raw, "misp-csv")
    assert taken(found) == ["a" * 32, "b" * 40, "bad.example", "c" * 32]
    assert [one.refused for one in found if one.refused] == [RefusalReason.UNPARSABLE]


def test_the_digests_of_a_feed_are_not_taken_for_hashes_of_files() -> None:
    raw = b"".join(b"%032x,5758ebf5-c898-48e6-9fe9-5665c0a83866\n" % number for number in range(50))
    name, reading = read(raw, suffix=".csv")
    assert (name, list(reading.rows)) == ("misp-csv", [])
    assert [one.code for one in reading.problems] == ["E211"]
    assert read(raw, named=False, suffix=".csv")[1].problems == ()


def test_other_tables_are_left_to_other_forms() -> None:
    for raw in (
        b"type,value\ndomain,bad.example\n",
        b"domain\nbad.example\n",
        b"md5,name\n" + b"a" * 32 + b",x\n",
        b"bad.example\n",
        b"",
    ):
        assert read(raw, suffix=".csv")[0] != "misp-csv"


def test_a_quote_that_is_never_closed_swallows_no_row() -> None:
    good = export(*(("domain", f"n{n}.example", "", 1, "") for n in range(20)))
    broken = good.replace(b'"n3.example"', b'"n3.example')
    values = taken(rows(broken, "misp-csv"))
    assert {f"n{n}.example" for n in range(4, 20)} <= set(values)


def test_a_short_record_is_refused_and_hides_no_other() -> None:
    raw = export(("domain", "bad.example", "", 1, "")) + b"only,three,cells\n"
    assert [one.refused for one in rows(raw, "misp-csv")] == [None, RefusalReason.UNPARSABLE]


def test_every_damaged_line_is_a_row() -> None:
    whole = export(*(("domain", f"n{n}.example", "", 1, "") for n in range(9)))
    for at in range(len(HEADER), len(whole), 7):
        for damage in (b"", b'"', b",", b"\x01", b"\n"):
            damaged = whole[:at] + damage + whole[at + 1 :]
            name, reading = read(damaged)
            found = list(reading.rows)
            assert name == "misp-csv"
            assert sum(b"example" in one.text.encode() for one in found) >= 7
