"""E2: many differences are counted, the first ones named."""

from quetsach_portal.operations.backup.differences import MOST, BackupDifference, collected


def test_E2_every_difference_is_counted() -> None:
    rows = [BackupDifference("rows", f"table{n}", str(n), "") for n in range(MOST + 7)]
    differences = collected(iter(rows))
    assert differences.count == MOST + 7
    assert differences.named == rows[:MOST]
    assert str(rows[1]).endswith("table1: 1 -> –")
    assert str(BackupDifference("trail", "#3")).endswith("#3")
