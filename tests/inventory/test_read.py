"""Inventories as offices keep them: what each row becomes, and what is said of the bad ones."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from quetsach.errors.exceptions import QuetsachError
from quetsach.inventory.model import InventoryFlaw, NetworkRole
from quetsach.inventory.read import read_inventory, read_plan
from tests.inventory.tables import flaws, saved, table
from tests.readers.samples import zipped
from tests.readers.test_workbook import ods
from tests.whole import daily


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
