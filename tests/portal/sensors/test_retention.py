"""What watches told is forgotten by age, and with the campaign."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.sensors.models import Sensor, SensorHour, SensorSource, SensorTrouble
from quetsach_portal.sensors.retention import purge
from tests.portal.sensors.heard import heard
from tests.portal.working import run_ready
from tests.portal.world import World


def test_what_is_old_is_forgotten_and_what_is_wrong_stays(world: World) -> None:
    sensor = heard(world)
    source, now = SensorSource.objects.get(), timezone.now()
    for days in (1, 70):
        SensorHour.objects.create(source=source, hour=now - timedelta(days=days))
    for ended in (None, now - timedelta(days=9), now - timedelta(days=190)):
        SensorTrouble.objects.create(
            node=sensor.node, sensor=sensor, kind="loss", since=now - timedelta(200), ended_at=ended
        )
    gone = heard(world, code="TC02")
    Sensor.objects.filter(pk=gone.pk).update(heard_at=now - timedelta(days=61))
    enqueue("sensors.forget", key="sensors.forget:1")
    run_ready()
    assert SensorHour.objects.get().hour == now - timedelta(days=1)
    assert SensorTrouble.objects.count() == 2
    assert Sensor.objects.get() == sensor


def test_archiving_forgets_all_of_the_campaign(world: World) -> None:
    sensor = heard(world)
    SensorTrouble.objects.create(node=sensor.node, kind="not-handed-in", log="dns")
    assert purge(world.campaign)["troubles"] == 1
    assert not Sensor.objects.exists()
