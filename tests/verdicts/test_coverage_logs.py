"""Which files are one log is told by their lines and their hours, never by their names."""

from itertools import permutations

from quetsach.verdicts.coverage import Hour, SourceRead, logs_among

DAY = "2022-09-08"


def read_file(path: str, lines: dict[int, int], *speakers: str, day: str = DAY) -> SourceRead:
    hours: dict[Hour, int] = {(day, hour): count for hour, count in lines.items()}
    return SourceRead(path, (path,), "zeek.dns", hours, {day: {(one, "") for one in speakers}})


def test_no_files_are_no_log() -> None:
    assert logs_among([]) == []


def test_files_that_follow_each_other_are_one_log_in_any_order() -> None:
    files = [
        read_file("a", {8: 10, 9: 4}, "10.0.0.1"),
        read_file("b", {9: 6, 10: 9}, "10.0.0.2"),
        read_file("c", {8: 5}, "10.0.0.3", day="2022-09-09"),
    ]
    for order in permutations(files):
        (log,) = logs_among(order)
        assert log.lines == {(DAY, 8): 10, (DAY, 9): 10, (DAY, 10): 9, ("2022-09-09", 8): 5}
        assert log.alive[DAY] == {"10.0.0.1", "10.0.0.2"}
        assert log.days == {DAY, "2022-09-09"}


def test_two_sensors_of_the_same_hours_are_two_logs() -> None:
    hours = dict.fromkeys(range(8, 14), 30)
    other = dict.fromkeys(range(8, 14), 31)
    assert (
        len(logs_among([read_file("a", hours, "10.0.0.1"), read_file("b", other, "10.0.0.1")])) == 2
    )


def test_a_copy_counts_once_also_when_it_was_cut_off_at_its_ends() -> None:
    whole = dict.fromkeys(range(8, 16), 30)
    cut = {9: 7, **dict.fromkeys(range(10, 14), 30), 14: 2}
    (log,) = logs_among(
        [read_file("a", whole, "10.0.0.1", "10.0.0.2"), read_file("b", cut, "10.0.0.1")]
    )
    assert log.lines == {(DAY, hour): 30 for hour in range(8, 16)}


def test_equal_figures_where_nobody_is_named_are_two_sensors() -> None:
    hours = dict.fromkeys(range(8, 16), 30)
    assert len(logs_among([read_file("a", hours), read_file("b", hours)])) == 2


def test_equal_figures_of_other_machines_are_two_sensors() -> None:
    hours = dict.fromkeys(range(8, 16), 30)
    assert (
        len(logs_among([read_file("a", hours, "10.0.0.1"), read_file("b", hours, "10.0.0.2")])) == 2
    )


def test_few_equal_lines_prove_no_copy() -> None:
    hours = {8: 3, 9: 4}
    assert (
        len(logs_among([read_file("a", hours, "10.0.0.1"), read_file("b", hours, "10.0.0.1")])) == 2
    )
