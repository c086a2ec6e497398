"""Reports written, handed in and decided on by the very acts, for tests."""

from collections.abc import Callable, Mapping

from django.test import Client
from django.urls import reverse

from quetsach_portal.campaigns.models.campaign import ExpectedReport, ReportCounter
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.queries import RELATED
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import locking, submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.reports.writing.looked import LookAnswer
from tests.portal.world import World

INFORMED, DEPLOYED, PEOPLE = "organisations_informed", "organisations_deployed", "people_took_part"
WHY = "theo sổ của đơn vị"
LATER = LookAnswer("later")
"""Why units of these tests have not looked at anything yet."""

ClientOf = Callable[[str, Role], Client]


def slot_of(world: World, code: str) -> ExpectedReport:
    """Return the expected report of a unit, fresh from the table."""
    slots = ExpectedReport.objects.select_related(*RELATED)
    return slots.get(node=world.nodes[code], phase=world.phase)


def numbers(informed: str = "1", deployed: str = "1", people: str = "5") -> dict[str, TypedAnswer]:
    """Return the three numbers of the Appendix, each with a reason should one be asked for."""
    given = {INFORMED: informed, DEPLOYED: deployed, PEOPLE: people}
    return {key: TypedAnswer(text=text, reason=WHY) for key, text in given.items()}


def written(
    world: World, code: str, answers: Mapping[str, TypedAnswer] | None = None
) -> ExpectedReport:
    """Return the slot of a unit in whose draft `answers` were saved."""
    slot, author = slot_of(world, code), world.user(code, Role.FOCAL_POINT)
    draft = writing_draft.open_draft(slot, actor=author)
    writing_draft.save(slot, answers or numbers(), revision=draft.revision, actor=author)
    return slot_of(world, code)


def handed_in(slot: ExpectedReport, author: User) -> ReportVersion:
    """Return the version that the slot's draft becomes."""
    checked_with = locking.make(slot, slot.draft.revision)
    return submitting.submit(
        slot, checked_with=checked_with, actor=author, same_is_meant=True, gap=LATER
    )


def submitted(
    world: World, code: str, answers: Mapping[str, TypedAnswer] | None = None
) -> ReportVersion:
    """Return a unit's report, handed in with `answers`."""
    return handed_in(written(world, code, answers), world.user(code, Role.FOCAL_POINT))


def above(world: World, code: str) -> User:
    """Return the compiler who decides on the reports of a unit."""
    return world.user({"TC01A": "TC01", "TC": "TC"}.get(code, "TC"), Role.COMPILER)


def accepted(
    world: World, code: str, answers: Mapping[str, TypedAnswer] | None = None
) -> ReportVersion:
    """Return a unit's report, accepted by the office above."""
    version = submitted(world, code, answers)
    deciding.accept(version, actor=above(world, code))
    return fresh(version)


def signed(
    world: World, code: str, answers: Mapping[str, TypedAnswer] | None = None
) -> ReportVersion:
    """Return a unit's report, accepted above and signed."""
    version = accepted(world, code, answers)
    deciding.sign(version, actor=world.user(code, Role.SIGNER))
    return fresh(version)


def fresh(version: ReportVersion) -> ReportVersion:
    """Return the version as it stands in the table now."""
    related = [f"slot__{one}" for one in RELATED]
    return ReportVersion.objects.select_related("author", "form", *related).get(pk=version.pk)


def total(version: ReportVersion, key: str = PEOPLE) -> int | None:
    """Return the total of one figure."""
    return version.figures.get(key=key).total


def correction(world: World, code: str, people: str) -> ReportVersion:
    """Return a correction of a unit's accepted report, handed in."""
    author = world.user(code, Role.FOCAL_POINT)
    draft = deciding.begin(
        slot_of(world, code),
        kind="correction",
        reason_code="counted_wrong",
        reason="cộng sót một phòng",
        actor=author,
    )
    writing_draft.save(draft.slot, numbers(people=people), revision=draft.revision, actor=author)
    return handed_in(slot_of(world, code), author)


def counter(world: World, code: str) -> ReportCounter:
    """Return the counter of a unit's reports in the phase."""
    return ReportCounter.objects.get(node=world.nodes[code], phase=world.phase)


def fields(revision: int, given: Mapping[str, str]) -> dict[str, str]:
    """Return the form of the page of numbers."""
    said = {f"v-{key}": text for key, text in given.items()}
    why = {f"w-{key}": "theo sổ" for key in (INFORMED, DEPLOYED)}
    return {"revision": str(revision), **said, **why}


def page(client: Client, name: str, *arguments: int) -> str:
    """Return what a page of reports says."""
    return client.get(reverse(f"reports:{name}", args=arguments)).content.decode()
