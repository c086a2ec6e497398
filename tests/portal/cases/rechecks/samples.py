"""Devices to draw from, and answers to what was drawn; for tests of re-checks."""

from quetsach_portal.cases.models.case import Case, Device
from quetsach_portal.cases.models.recheck import Draw
from quetsach_portal.cases.rechecks import actions


def devices(world, code: str, count: int, *, clean: int) -> list[Case]:
    """Return cases of `count` devices of a unit, `clean` of which it declares clean."""
    node = world.nodes[code]
    made = [Device.objects.create(node=node, key=f"{code}-{n}") for n in range(count)]
    return [
        Case.objects.create(node=node, device=one, owner_says="clean" if n < clean else "")
        for n, one in enumerate(made)
    ]


def enter(draw: Draw, answers: str, actor) -> None:
    words = {"y": "yes", "n": "no", "?": "unknown"}
    for item, sign in zip(draw.items.order_by("place"), answers, strict=True):
        actions.answer(item, found=words[sign], note="máy tắt", actor=actor)
