"""The sections of a sheet: headings, groups, and sheets that name an office."""

from pathlib import Path

from quetsach.inventory.model import InventoryFlaw
from quetsach.inventory.read import read_inventory
from tests.inventory.tables import flaws, saved, table
from tests.readers.samples import workbook


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
