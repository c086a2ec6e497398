"""Which logs a unit of the demo keeps: each kind and each packing somewhere, nothing twice."""

from quetsach.demo.kits import KITS, LOGGED_DAYS, Flavour, RecorderKind


def test_every_kind_flavour_and_packing_is_kept_by_some_unit() -> None:
    recorders = [recorder for kit in KITS.values() for recorder in kit]
    assert {recorder.kind for recorder in recorders} == set(RecorderKind)
    assert {recorder.flavour for recorder in recorders} == set(Flavour)
    assert {recorder.packing for recorder in recorders} == {"", ".gz", ".zst"}
    assert any(recorder.cut for recorder in recorders)
    assert {recorder.clock for recorder in recorders} == {"UTC", "Asia/Ho_Chi_Minh"}


def test_no_unit_has_two_recorders_that_write_the_same_file() -> None:
    for unit, kit in KITS.items():
        places = [recorder.base for recorder in kit]
        assert len(set(places)) == len(places), unit


def test_days_without_logs_are_of_units_that_keep_some() -> None:
    for unit, days in LOGGED_DAYS.items():
        assert unit in KITS
        assert days
        assert set(days) < set(range(7))
