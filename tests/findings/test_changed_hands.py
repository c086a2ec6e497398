"""Addresses that changed hands: each hour has its device, also where pyarrow knows no NumPy."""

import subprocess
import sys

from pyroaring import BitMap

from quetsach.arrays import np
from quetsach.findings.changed_hands import ChangedHands, listed

FIRST, SECOND = 0x0A000005, 0xC0A80001
CHANGING = (
    [(10, "pc-2"), (15, "pc-1"), (20, "pc-2")],
    [(10, None), (30, "pc-1")],
)


def test_each_hour_has_its_device() -> None:
    hands = ChangedHands([10, 20, 30], np.array([FIRST, SECOND]), listed(CHANGING))
    hours = {10: BitMap([FIRST, SECOND]), 20: BitMap([FIRST]), 30: BitMap([FIRST, SECOND])}
    addresses, devices, counts = hands.of_hours(hours)
    assert addresses.to_pylist() == [FIRST, SECOND, SECOND]
    assert devices.to_pylist() == ["pc-2", None, "pc-1"]
    assert counts.to_pylist() == [3, 1, 1]


SCRIPT = """
from quetsach.lean_arrow import load_arrow
load_arrow()
from pyroaring import BitMap
from quetsach.arrays import np
from quetsach.findings.changed_hands import ChangedHands, listed
from quetsach.findings.many_devices import lasting
held = listed([[(1, "a"), (2, "b")]])
hands = ChangedHands([1, 2], np.array([7]), held)
print([one.tolist() if hasattr(one, "tolist") else one for one in lasting(held, 1)][0])
print([one.to_pylist() for one in hands.of_hours({1: BitMap([7]), 2: BitMap([7])})])
"""


def test_a_pyarrow_without_numpy_says_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.stdout.strip() == "[0]\n[[7, 7], ['a', 'b'], [1, 1]]", done.stderr
