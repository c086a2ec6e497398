"""Inventories as offices keep them: what each row becomes, and what is said of the bad ones."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import FLAW_WORDS, InventoryFlaw, NetworkRole
from quetsach.inventory.read import read_inventory, read_plan
from tests.readers.samples import workbook, zipped
from tests.readers.test_workbook import ods
from tests.whole import daily


def saved(folder: Path, content: bytes | str, name: str = "kiem-ke.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table(folder: Path, *rows: Sequence[str]) -> Inventory:
    return read_inventory(saved(folder, "\n".join(";".join(row) for row in rows)))


def flaws(inventory: Inventory) -> list[tuple[int, InventoryFlaw, str]]:
    return [(one.row.number, one.reason, one.excerpt) for one in inventory.problems]


def test_a_vietnamese_workbook_is_read_with_its_titles_merged_cells_and_signatures(
    tmp_path: Path,
) -> None:
    inventory = read_inventory(saved(tmp_path, office_workbook(), "kiem-ke.xlsx"))
    shown = [
        (one.key, one.name, one.macs, one.addresses, one.room, one.desk, one.shared, one.duty)
        for one in inventory.machines
    ]
    lan, wifi, other = "00-17-A4-77-00-01", "02-11-22-33-44-55", "00-17-A4-77-00-02"
    plain, server = NetworkRole.ORDINARY, NetworkRole.SERVER
    assert shown == [
        ("TS-01", "PC-KT-01", (lan, wifi), ("192.168.1.11",), "P.101", "Kế toán", False, plain),
        ("TS-02", "PC-KT-02", (other,), (), "P.101", "Kế toán", True, plain),
        ("TS-03", "MAY-CHU", (), ("192.168.1.2",), "P.102", "Văn thư", False, server),
    ]
    assert [one.row and one.row.number for one in inventory.machines] == [7, 8, 9]
    assert [(one.heading, one.count) for one in inventory.left_out] == [("Người sử dụng", 3)]
    assert flaws(inventory) == [
        (11, InventoryFlaw.NO_MACHINE, ""),
        (12, InventoryFlaw.NO_MACHINE, ""),
    ]


def test_no_name_of_a_person_is_kept_anywhere(tmp_path: Path) -> None:
    inventory = read_inventory(saved(tmp_path, office_workbook(), "kiem-ke.xlsx"))
    everything = repr((inventory.machines, inventory.problems, inventory.left_out))
    assert "Trần" not in everything
    assert "Nguyễn" not in everything


def office_workbook() -> bytes:
    """Return an inventory with all that makes reading one hard."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range(0, 0, 0, 9, "UBND XÃ ĐẠI AN")
        sheet.merge_range(1, 0, 1, 9, "DANH SÁCH MÁY TÍNH NĂM 2026")
        down = ("STT", "Mã tài sản", "Tên máy\n(host name)")
        for column, text in enumerate(down):
            sheet.merge_range(3, column, 4, column, text)
        sheet.merge_range(3, 3, 3, 4, "Mạng")
        sheet.write(4, 3, "Địa chỉ MAC")
        sheet.write(4, 4, "Địa chỉ IP")
        for column, text in enumerate(
            ("Phòng", "Bộ phận", "Người sử dụng", "Loại thiết bị", "GHI CHÚ"), start=5
        ):
            sheet.merge_range(3, column, 4, column, text)
        sheet.write_row(5, 0, [f"({n})" for n in range(1, 11)])
        both = "LAN: 00:17:a4:77:00:01\nWi-Fi: 0211.2233.4455"
        rows: list[list[object]] = [
            [1, "TS-01", "PC-KT-01", both, "192.168.1.11/24", None, None, "Trần A", "Máy bàn"],
            [
                2,
                "TS-02",
                "PC-KT-02",
                "0017A4770002",
                "DHCP",
                None,
                None,
                "Trần B",
                "Laptop",
                "dùng chung cả phòng",
            ],
            [3, "TS-03", "MAY-CHU", "", "192.168.1.2", "P.102", "Văn thư", "Trần C", "Máy chủ"],
            [4],
            ["", "", "", "", "", "Ngày 05 tháng 10 năm 2026"],
            ["", "", "Nguyễn Văn D"],
        ]
        for number, row in enumerate(rows, start=6):
            sheet.write_row(number, 0, row)
        sheet.merge_range(6, 5, 7, 5, "P.101")
        sheet.merge_range(6, 6, 7, 6, "Kế toán")
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_of_any_office_program_gives_the_same_machines(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [
        ["STT", "Tên máy tính", "Địa chỉ MAC", "Phòng"],
        ["1", "PC-01", "00-17-A4-00-00-01", "Phòng 1"],
        ["2", "PC-02", "00-17-A4-00-00-02", "Kho"],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    if encoding == "cp1258":
        text = text.replace("ị", "i\u0323").replace("ỉ", "i\u0309")
    inventory = read_inventory(saved(tmp_path, text.encode(encoding, "replace")))
    assert [(one.name, one.macs) for one in inventory.machines] == [
        ("PC-01", ("00-17-A4-00-00-01",)),
        ("PC-02", ("00-17-A4-00-00-02",)),
    ]
    assert inventory.problems == ()


def test_a_merged_cell_never_gives_its_hardware_address_to_the_row_below(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Tên máy", "MAC", "Đơn vị"])
        sheet.write_row(1, 0, ["PC-1"])
        sheet.write_row(2, 0, ["PC-2"])
        sheet.write_row(3, 0, ["PC-3"])
        sheet.merge_range(1, 1, 2, 1, "00-17-A4-00-00-01")
        sheet.merge_range(1, 2, 2, 2, "Xã A")
    inventory = read_inventory(saved(tmp_path, out.getvalue(), "x.xlsx"))
    assert [(one.name, one.macs, one.unit) for one in inventory.machines] == [
        ("PC-1", ("00-17-A4-00-00-01",), "Xã A"),
        ("PC-2", (), "Xã A"),
        ("PC-3", (), ""),
    ]


def test_merged_cells_of_libreoffice_count_as_well(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def cell(text: str, more: str = "") -> str:
        kind = "office:value-type='string'"
        return f"<table:table-cell {kind} {more}><text:p>{text}</text:p></table:table-cell>"

    spanned = "table:number-rows-spanned='2' table:number-columns-spanned='1'"
    covered = "<table:covered-table-cell/>"
    raw = ods(
        "<table:table table:name='S'>"
        + row(cell("Đơn vị"), cell("Tên máy"))
        + row(cell("Xã A", spanned), cell("PC-1"))
        + row(covered, cell("PC-2"))
        + row(cell(""), cell("PC-3"))
        + "</table:table>"
    )
    inventory = read_inventory(saved(tmp_path, raw, "x.ods"))
    found = [(one.name, one.unit) for one in inventory.machines]
    assert found == [("PC-1", "Xã A"), ("PC-2", "Xã A"), ("PC-3", "")]


@pytest.mark.parametrize("span", ["999999999", "99999999999999", "-1", "x", "0"])
def test_spans_without_end_or_sense_do_no_harm(tmp_path: Path, span: str) -> None:
    kind = "office:value-type='string'"
    spanned = f"table:number-rows-spanned='{span}' table:number-columns-spanned='{span}'"
    rows = "".join(
        f"<table:table-row><table:table-cell {kind} {more}><text:p>{unit}</text:p>"
        f"</table:table-cell><table:table-cell {kind}><text:p>{name}</text:p></table:table-cell>"
        "</table:table-row>"
        for unit, name, more in (("Đơn vị", "Tên máy", ""), ("Xã A", "PC-1", spanned))
    )
    raw = ods(f"<table:table table:name='S'>{rows}</table:table>")
    inventory = read_inventory(saved(tmp_path, raw, "x.ods"))
    assert [(one.name, one.unit) for one in inventory.machines] == [("PC-1", "Xã A")]


def test_what_stands_at_an_address_is_told_by_machines_and_plan(tmp_path: Path) -> None:
    machines = "Tên máy;IP;Vai trò\nDNS-1;10.0.0.53;DNS\nPC-1;10.0.0.9;Máy trạm\n"
    plan = "Đơn vị;Dải mạng;Gateway\nXã A;10.0.0.0/24;10.0.0.1\n"
    inventory = read_inventory(saved(tmp_path, machines, "m.csv"), saved(tmp_path, plan, "p.csv"))
    assert [inventory.duty_of(f"10.0.0.{n}") for n in (53, 9, 1, 2)] == [
        NetworkRole.RESOLVER,
        None,
        NetworkRole.GATEWAY,
        None,
    ]


def test_sheets_named_after_offices_give_the_unit_and_others_do_not(tmp_path: Path) -> None:
    head = ["Tên máy", "MAC"]
    raw = workbook(
        {
            "Xã Đại An": [head, ["PC-1", "00-17-A4-00-00-01"]],
            "Sheet2": [head, ["PC-2", "00-17-A4-00-00-02"]],
            "Hướng dẫn": [["Điền vào bảng", "theo mẫu"]],
        }
    )
    inventory = read_inventory(saved(tmp_path, raw, "x.xlsx"))
    assert [(one.name, one.unit) for one in inventory.machines] == [
        ("PC-1", "Xã Đại An"),
        ("PC-2", ""),
    ]
    assert flaws(inventory) == [(1, InventoryFlaw.NO_HEADING, "")]


def test_rows_that_head_a_group_give_unit_or_desk(tmp_path: Path) -> None:
    inventory = table(
        tmp_path,
        ["STT", "Tên máy", "MAC"],
        ["I", "Phòng Tài chính", ""],
        ["1", "PC-1", "00-17-A4-00-00-01"],
        ["II", "UBND xã Đại An", ""],
        ["1", "PC-2", "00-17-A4-00-00-02"],
    )
    found = [(one.name, one.unit, one.desk) for one in inventory.machines]
    assert found == [("PC-1", "", "Phòng Tài chính"), ("PC-2", "UBND xã Đại An", "")]
    assert inventory.problems == ()


def test_a_heading_repeated_on_each_page_is_no_machine(tmp_path: Path) -> None:
    head = ["STT", "Tên máy", "Địa chỉ MAC", "Ghi chú"]
    one, two = "00-17-A4-00-00-01", "00-17-A4-00-00-02"
    inventory = table(tmp_path, head, ["1", "PC-1", one, ""], head, ["2", "PC-2", two, "x"])
    assert [one.name for one in inventory.machines] == ["PC-1", "PC-2"]
    assert inventory.problems == ()


def test_contradictions_are_named_with_both_rows_and_both_machines_are_kept(
    tmp_path: Path,
) -> None:
    inventory = table(
        tmp_path,
        ["unit", "host_name", "mac", "fixed_address"],
        ["A", "PC-1", "00-17-A4-00-00-01", "10.0.0.1"],
        ["A", "pc-1", "00-17-A4-00-00-02", "10.0.0.2"],
        ["A", "PC-3", "00:17:a4:00:00:01", "10.0.0.3"],
        ["A", "PC-4", "00-17-A4-00-00-04", "10.0.0.1"],
        ["B", "PC-1", "00-17-A4-00-00-05", "10.0.0.1"],
    )
    assert flaws(inventory) == [
        (4, InventoryFlaw.MAC_TWICE, "00-17-A4-00-00-01"),
        (3, InventoryFlaw.NAME_TWICE, "pc-1"),
        (5, InventoryFlaw.ADDRESS_TWICE, "10.0.0.1"),
    ]
    assert [one.other and one.other.number for one in inventory.problems] == [2, 2, 2]
    keys = [one.key for one in inventory.machines]
    assert len(set(map(str.casefold, keys))) == 5
    assert keys[-1] == "PC-1 (B)"
    assert [one.key for one in inventory.by_mac("00-17-A4-00-00-01")] == [keys[0], keys[2]]
    assert len(inventory.by_name("PC-1.office.example")) == 3
    assert len(inventory.by_address("10.0.0.1")) == 3


def test_a_machine_that_stands_there_twice_is_one_and_is_told(tmp_path: Path) -> None:
    inventory = table(
        tmp_path,
        ["host_name", "mac", "room"],
        ["PC-1", "00-17-A4-00-00-01", ""],
        ["pc-1", "00-17-A4-00-00-01", "12"],
    )
    assert [(one.name, one.room) for one in inventory.machines] == [("PC-1", "12")]
    assert flaws(inventory) == [(3, InventoryFlaw.REPEATED, "pc-1")]


def test_what_cannot_be_read_is_listed_and_the_rest_of_the_row_kept(tmp_path: Path) -> None:
    inventory = table(
        tmp_path,
        ["host_name", "mac", "fixed_address", "duid", "Màu"],
        ["PC-1", "00-17-A4-00-00", "10.0.0.300", "xyz", "đen"],
        ["PC-2", "FF-FF-FF-FF-FF-FF", "255.255.255.255", "", ""],
        ["PC-3", "không có", "tự động", "-", ""],
        ["PC-4", "1.72E+11", "", "", ""],
        ["", "", "", "", "trắng"],
    )
    assert [one.name for one in inventory.machines] == ["PC-1", "PC-2", "PC-3", "PC-4"]
    assert inventory.machines[0].extra == (("Màu", "đen"),)
    assert flaws(inventory) == [
        (2, InventoryFlaw.BAD_MAC, "00-17-A4-00-00"),
        (2, InventoryFlaw.BAD_ADDRESS, "10.0.0.300"),
        (2, InventoryFlaw.BAD_CLIENT_ID, "xyz"),
        (3, InventoryFlaw.BAD_MAC, "FF-FF-FF-FF-FF-FF"),
        (3, InventoryFlaw.BAD_ADDRESS, "255.255.255.255"),
        (5, InventoryFlaw.BAD_MAC, "1.72E+11"),
        (6, InventoryFlaw.NO_MACHINE, ""),
    ]


def test_an_unclosed_quotation_mark_swallows_no_machine(tmp_path: Path) -> None:
    rows = [f"PC-{n},00-17-A4-00-00-{n:02X},x" for n in range(1, 60)]
    rows[4] = '"PC-5,00-17-A4-00-00-05,x'
    path = saved(tmp_path, "host_name,mac,note\n" + "\n".join(rows))
    inventory = read_inventory(path)
    assert len(inventory.machines) == 59
    assert (6, InventoryFlaw.UNREADABLE, "") in flaws(inventory)


def test_a_line_without_end_is_told_and_costs_nothing(tmp_path: Path) -> None:
    rows = ["host_name,mac", "PC-1,00-17-A4-00-00-01", "x," * 8_000_000, "PC-2,"]
    inventory = read_inventory(saved(tmp_path, "\n".join(rows)))
    assert [one.name for one in inventory.machines] == ["PC-1", "PC-2"]
    assert (3, InventoryFlaw.TOO_LONG, "") in flaws(inventory)


def test_a_great_many_machines_are_read_whole(tmp_path: Path) -> None:
    many = daily(10_000, whole=50_000)
    rows = [
        f"{n},PC-{n:05d},00-17-A4-00-{n >> 8:02X}-{n & 255:02X},10.0.{n >> 8}.{n & 255},Kho"
        for n in range(1, many + 1)
    ]
    inventory = read_inventory(saved(tmp_path, "STT,host_name,mac,ip,room\n" + "\n".join(rows)))
    assert (len(inventory.machines), inventory.problems) == (many, ())
    last = f"10.0.{many >> 8}.{many & 255}"
    assert [one.row and one.row.number for one in inventory.by_address(last)] == [many + 1]


def test_endless_merged_cells_cost_bounded_time(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Tên máy", "MAC", "Đơn vị"])
        for column in range(2, 300):
            sheet.merge_range(1, column, 1_000, column, f"Xã {column}")
        for n in range(1, 1_000):
            sheet.write_row(n, 0, [f"PC-{n}"])
    inventory = read_inventory(saved(tmp_path, out.getvalue(), "x.xlsx"))
    assert {one.unit for one in inventory.machines} == {"Xã 2"}
    assert len(inventory.machines) == 999


def test_a_formula_in_a_cell_is_text_and_nothing_more(tmp_path: Path) -> None:
    inventory = table(
        tmp_path,
        ["host_name", "mac", "Ghi chú"],
        ["=cmd|'/c calc'!A1", "00-17-A4-00-00-01", '=HYPERLINK("https://bad.example")'],
    )
    assert inventory.machines[0].name == "=cmd|'/c calc'!A1"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.csv", "E262"),
        (b"just words\nand more of them", "x.csv", "E262"),
        (b"host_name,mac\n", "x.csv", "E262"),
        (b"PK\x03\x04 broken", "x.xlsx", "E411"),
    ],
)
def test_a_file_that_names_nothing_is_refused(
    tmp_path: Path, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(QuetsachError) as refused:
        read_inventory(saved(tmp_path, content, name))
    assert refused.value.problem.code == code


def test_a_file_that_is_not_there_is_refused_with_the_code_of_its_kind(tmp_path: Path) -> None:
    for read, code in ((read_inventory, "E262"), (read_plan, "E263")):
        with pytest.raises(QuetsachError) as refused:
            read(tmp_path / "absent.csv")  # type: ignore[operator]  # two readers, one call
        assert refused.value.problem.code == code


def test_a_workbook_made_to_swell_is_refused(tmp_path: Path) -> None:
    swollen = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 40_000_000})
    with pytest.raises(QuetsachError) as refused:
        read_inventory(saved(tmp_path, swollen, "x.xlsx"))
    assert refused.value.problem.code == "E414"


def test_machines_and_plan_of_the_demo_district_are_read_whole(tmp_path: Path) -> None:
    machines = "unit,host_name,mac,fixed_address\nTC01,SRV-01,00-17-A4-01-00-01,192.168.11.10\n"
    units = (
        "code,name,kind,folder,subnet,public,clock,heads,participants,machines\n"
        "TC01,Thị trấn Trà Cú,thị trấn,tc,192.168.11.0/24,198.51.100.101,Asia/Ho_Chi_Minh,3,3,1\n"
    )
    one = saved(tmp_path, machines, "machines.csv")
    other = saved(tmp_path, units, "units.csv")
    inventory = read_inventory(one, other)
    assert inventory.problems == ()
    assert [(one.key, one.unit) for one in inventory.machines] == [("SRV-01", "TC01")]
    plan = inventory.plan
    assert plan.unit_of("192.168.11.77") == "TC01"
    assert [(str(one.network), one.unit) for one in plan.publics()] == [
        ("198.51.100.101/32", "TC01")
    ]


def test_every_flaw_has_its_words() -> None:
    assert set(FLAW_WORDS) == set(InventoryFlaw)


def test_flaws_are_counted_in_one_problem(tmp_path: Path) -> None:
    inventory = table(tmp_path, ["host_name", "mac"], ["PC-1", "xx"], ["PC-2", "yy"])
    problem = inventory.problem("kiem-ke.csv")
    assert problem is not None
    assert (problem.code, problem.facts) == ("E266", {"count": 2})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_each_damaged_row_is_a_machine_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    good = [f"PC-{n};00-17-A4-00-00-{n:02X};10.0.0.{n};P.{n}" for n in range(1, 12)]
    at = data.draw(st.integers(0, len(good) - 1))
    cut = data.draw(st.integers(0, len(good[at])))
    put = data.draw(st.text(st.sampled_from('";\t,\r\n-:.0AƯ\u0301|'), max_size=6))
    good[at] = good[at][:cut] + put + good[at][cut + data.draw(st.integers(0, 3)) :]
    path = tmp_path_factory.mktemp("damaged") / "x.csv"
    path.write_bytes("\n".join(["host_name;mac;fixed_address;room", *good]).encode())
    inventory = read_inventory(path)
    names = {one.name for one in inventory.machines}
    assert {f"PC-{n}" for n in range(1, 12) if n not in (at, at + 1, at + 2)} <= names
