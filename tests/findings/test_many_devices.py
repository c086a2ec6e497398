"""Devices by columns, beside those that must be asked for one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from quetsach.arrays import np
from quetsach.attribution.hourly_columns import AskedHours, DeviceStretches
from quetsach.findings.changed_hands import Stretches, listed
from quetsach.findings.many_devices import changed_hands, held_by, lasting

STRETCHES: Sequence[Stretches] = [
    [(1, "pc-1")],
    [(1, None), (3, "pc-2")],
    [(2, None)],
    [(1, "pc-2"), (2, "pc-1"), (3, None)],
]


@dataclass
class Names:
    """Answers for the addresses at these places, at once."""

    answered: Sequence[int]

    def columns(self, asked: AskedHours) -> DeviceStretches:
        assert asked.first.tolist() == [1, 1, 2, 1]
        told = listed([STRETCHES[place] for place in self.answered])
        places = np.array(self.answered, np.int64)
        return DeviceStretches(places, places[told.place], told.since, told.device, told.names)


def test_how_many_are_told_by_columns_makes_no_difference() -> None:
    for answered in ([], [1, 3], [0, 2], [0, 1, 2, 3]):
        texts = [f"10.0.0.{place}" for place in range(4)]
        spans = [1, 1, 2, 1], [4, 4, 4, 4]
        held = held_by(Names(answered), STRETCHES.__getitem__, texts, spans)
        changed, devices = lasting(held, 4)
        assert (changed.tolist(), devices.to_pylist()) == ([1, 3], ["pc-1", None])
        hands = changed_hands([1, 2, 3, 4], [10, 11, 12, 13], changed, held)
        addresses, names, counts = hands.of_hours({hour: BitMap([11, 13]) for hour in (1, 2, 4)})
        assert addresses.to_pylist() == [11, 11, 13, 13, 13]
        assert names.to_pylist() == [None, "pc-2", None, "pc-1", "pc-2"]
        assert counts.to_pylist() == [2, 1, 1, 1, 1]
