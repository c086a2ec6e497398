"""What a device fills into the columns of a sighting."""

from quetsach.attribution.model import Certainty
from quetsach.attribution.questions import Attribution, MissingEvidence, SightingRole
from quetsach.sweeping.naming import DEVICE_COLUMNS, device_columns


def test_what_nobody_is_behind_has_its_reason_and_no_lease() -> None:
    lack = MissingEvidence.OUTSIDE
    nobody = Attribution(
        "", "192.0.2.1", "", "", Certainty.UNKNOWN, (), SightingRole.NOBODY, lack=lack
    )
    filled = dict(zip(DEVICE_COLUMNS, device_columns(nobody), strict=True))
    assert {name: value for name, value in filled.items() if value is not None} == {
        "quetsach.device.address": "192.0.2.1",
        "quetsach.device.grade": "unknown",
        "quetsach.device.role": "nobody",
        "quetsach.device.lack": "outside",
    }
