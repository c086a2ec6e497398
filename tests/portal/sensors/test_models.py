"""What a source lost, by whomever, is one number."""

from quetsach_portal.sensors.models import Sensor, SensorSource


def test_all_losses_are_added() -> None:
    source = SensorSource(source="a", dropped_kernel=1, dropped_spool=20, dropped_length=300)
    assert (source.dropped, str(source)) == (321, "a")
    assert str(Sensor(name="", watch="5f7ad3c4-2f7b")) == "5f7ad3c4"
