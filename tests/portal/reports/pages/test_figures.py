"""The lines of a report: each value in words, and who said it."""

from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.pages.pages import version_parts
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    ClientOf,
    accepted,
    fields,
    numbers,
    slot_of,
    written,
)
from tests.portal.world import World


def test_B9_each_way_of_no_number_reads_otherwise(world: World, client_of: ClientOf) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    words = {}
    for instead in ("zero", "nil", "not_collected", "not_applicable"):
        sent = fields(slot.draft.revision, {INFORMED: "1", DEPLOYED: "1", PEOPLE: ""})
        sent[f"i-{PEOPLE}"] = instead
        unit.post(reverse("reports:numbers", args=[slot.pk]), sent)
        slot = slot_of(world, "TC01A")
        parts = unit.get(reverse("reports:check", args=[slot.pk])).context["page"].parts
        words[instead] = next(x.text for part in parts for x in part.lines if x.key == PEOPLE)
    assert len(set(words.values())) == 4
    assert words["zero"] == "0"


def test_a_text_that_many_say_stands_once_with_all_their_names(world: World) -> None:
    for code, text in (("TC01", "Không có."), ("TC02", "Không có.")):
        accepted(world, code, {**numbers(), "proposals": TypedAnswer(text=text)})
    version = accepted(world, "TC", {**numbers(), "proposals": TypedAnswer(text="Cấp thêm máy.")})
    lines = {line.key: line for part in version_parts(version) for line in part.lines}
    ((names, text),) = lines["proposals"].said
    assert text == "Không có."
    assert names == "; ".join(world.nodes[code].name_at_freeze for code in ("TC02", "TC01"))
