"""Take part by the page of a code, and add up what was counted."""

from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.participation.models import JoinCode
from tests.portal.working import run_ready


def roll(times: int = 1) -> None:
    for turn in range(times):
        enqueue("participation.roll", key=f"roll:{timezone.now().timestamp()}:{turn}")
        run_ready()


def joined(world, code: str) -> int:
    return NodeCounter.objects.get(node=world.nodes[code]).joined_staff


def press(client: Client, code: JoinCode, **ticked: str):
    page = client.get(f"/join/{code.code}/")
    ticket = page.context["form"]["ticket"].value()
    return client.post(f"/join/{code.code}/", {"ticket": ticket, **ticked})
