"""Machines counted once over many lines, without their ids, and with the error said."""

import random
import struct

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import add_up
from quetsach.forms.distinct import (
    MOST_ENTRIES,
    Estimate,
    estimate,
    merged,
    sketch_of,
    together,
)
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    ChildContribution,
    FigureGrade,
    GradedCount,
    OwnValue,
)

SALT = b"sixteen bytes or more"
FORM = shipped_form("phu-luc-mo-rong", ("machines",))
SCANNED = "machines_scanned"


def ids(start: int, stop: int) -> list[str]:
    return [f"aa:bb:cc:{number:06x}" for number in range(start, stop)]


def test_a_few_machines_are_counted_exactly() -> None:
    for number in (0, 1, 2, 700, MOST_ENTRIES):
        assert estimate(sketch_of(SALT, ids(0, number))) == Estimate(number, number, number)


def test_many_machines_are_estimated_within_the_range_that_is_said() -> None:
    held, rounds = 0, 40
    for turn in range(rounds):
        number = 20_000
        found = estimate(sketch_of(SALT, ids(turn * 30_000, turn * 30_000 + number)))
        assert found.low < found.number < found.high
        assert abs(found.number - number) < number * 0.08
        held += found.low <= number <= found.high
    # 95 of 100 are promised; with 40 rounds fewer than 34 has a chance of one in a thousand.
    assert held >= 34


def test_what_two_lines_share_counts_once() -> None:
    together = merged([sketch_of(SALT, ids(0, 900)), sketch_of(SALT, ids(600, 1500))])
    assert estimate(together).number == 1500


def test_order_doubles_and_grouping_do_not_change_a_byte() -> None:
    machines = ids(0, 30_000)
    shuffled = random.Random(1).sample(machines, len(machines))
    assert sketch_of(SALT, machines) == sketch_of(SALT, shuffled + shuffled[:100])
    parts = [sketch_of(SALT, ids(start, start + 5000)) for start in range(0, 30_000, 4000)]
    backwards = merged(parts[::-1])
    grouped = merged([merged(parts[:3]), merged([*parts[3:], parts[0]])])
    assert merged(parts) == backwards == grouped


def test_small_sketches_are_merged_as_the_library_merges_them() -> None:
    from datasketches import compact_theta_sketch, theta_union

    chance = random.Random(5)
    for most in (1, 3, 40, 3000):
        parts = [
            sketch_of(SALT, ids(start, start + chance.randrange(most + 1)))
            for start in chance.choices(range(most * 2), k=4)
        ]
        union = theta_union(12)
        for one in parts:
            union.update(compact_theta_sketch.deserialize(one))
        made = union.get_result(True)
        told = together(parts)
        assert told.sketch == made.serialize()
        assert told.estimate.number == round(made.get_estimate())
        assert told.claimed == sum(estimate(one).number for one in parts)


def test_the_salt_decides_what_is_seen() -> None:
    one, other = sketch_of(SALT, ids(0, 50)), sketch_of(SALT + b"!", ids(0, 50))
    assert one != other
    assert estimate(merged([one, other])).number == 100
    assert b"aa:bb" not in one


def test_a_salt_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E452"):
        sketch_of(b"short", ids(0, 1))


def test_every_damage_of_a_sketch_is_refused_or_is_another_sketch_of_this_kind() -> None:
    for sound in (sketch_of(SALT, ids(0, 9)), sketch_of(SALT, ids(0, 9000))):
        for place in [*range(40), len(sound) - 1]:
            for bit in range(8):
                damaged = bytearray(sound)
                damaged[place] ^= 1 << bit
                try:
                    found = estimate(bytes(damaged))
                except QuetsachError as refusal:
                    assert refusal.problem.code == "E452"  # noqa: PT017 - a value is as good
                else:
                    assert 0 <= found.low <= found.number <= found.high


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 8,
        b"\0" * 64,
        sketch_of(SALT, ids(0, 9))[:-8],
        sketch_of(SALT, ids(0, 9)) + b"\0" * 8,
        sketch_of(SALT, ids(0, 9))[:-1],
        struct.pack("<BBBBBBHII", 2, 3, 3, 0, 0, 0x1A, 0x93CC, 2**31, 0),
        b"\2\3\3\0\0\x1a\xcc\x93" + struct.pack("<II", 2, 0) + struct.pack("<QQ", 5, 5),
        b"\2\3\3\0\0\x1a\xcc\x93" + struct.pack("<II", 5000, 0) + b"\1" * 8 * 5000,
    ],
)
def test_hostile_bytes_never_reach_the_library(data: bytes) -> None:
    with pytest.raises(QuetsachError, match="E452"):
        estimate(data)
    with pytest.raises(QuetsachError, match="E452"):
        merged([data, sketch_of(SALT, ids(0, 1))])


def unit(node: str, start: int, stop: int) -> ChildContribution:
    own = OwnValue(
        GradedCount(stop - start, FigureGrade.MEASURED), sketch=sketch_of(SALT, ids(start, stop))
    )
    return ChildContribution(node, node, 1, "", add_up(FORM, {SCANNED: own}, (), {}))


def test_B8_a_machine_on_two_lines_is_counted_once_in_the_total() -> None:
    figure = add_up(FORM, {}, (unit("a", 0, 40), unit("b", 30, 60)), {})[SCANNED]
    assert figure.total == GradedCount(60, FigureGrade.MEASURED)
    assert (figure.children, figure.overlap, figure.error) == (70, 10, None)


def test_the_error_of_an_estimated_total_is_said() -> None:
    figure = add_up(FORM, {}, (unit("a", 0, 9000), unit("b", 8000, 20_000)), {})[SCANNED]
    assert isinstance(figure.total, GradedCount)
    assert figure.error is not None
    low, high = figure.error
    assert low < figure.total.number < high
    assert low <= 20_000 <= high


def test_machines_that_were_only_counted_are_added_as_they_are() -> None:
    typed = ChildContribution(
        "t",
        "t",
        1,
        "",
        add_up(FORM, {SCANNED: OwnValue(GradedCount(7, FigureGrade.DECLARED))}, (), {}),
    )
    figure = add_up(FORM, {}, (unit("a", 0, 40), typed), {})[SCANNED]
    assert figure.total == GradedCount(47, FigureGrade.DECLARED)


def test_a_sketch_beside_no_number_counts_nothing() -> None:
    own = OwnValue(AbsenceReason.NOT_COLLECTED, sketch=sketch_of(SALT, ids(0, 5)))
    assert add_up(FORM, {SCANNED: own}, (), {})[SCANNED].total is AbsenceReason.NOT_COLLECTED
