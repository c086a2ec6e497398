"""From the destination of a notice to the devices that a log inside saw reach it."""

from collections import Counter
from collections.abc import Iterator

from quetsach.attribute.model import Certainty, Step, StepKind
from quetsach.clocks import MICROSECONDS
from quetsach.match.grades import Grade
from quetsach.notices.found import Lead, Mark, Way, named
from quetsach.notices.model import Notice
from quetsach.notices.window import Window
from quetsach.notices.world import Contact, World
from quetsach.texts import _

MOST_OF_ONE = 50
"""So many contacts of one address are looked at; a bot that calls each second has thousands."""

_REACHED = Grade.BLOCKED.rank
_NEAREST_US = 86_400 * MICROSECONDS


def by_contact(notice: Notice, window: Window, world: World, unit: str) -> Way:
    """Return the devices that reached the notice's destination about that time.

    Machines of another unit than `unit` are left out where both are known.
    """
    loose = window.loosened()
    contacts = _contacts(notice, loose, world, unit)
    # A machine that holds the public address itself needs no translator.
    direct = [one for one in contacts if one.address == notice.address]
    return named(_leads(notice, window, direct or contacts), world)


def nearest_us(notice: Notice, window: Window, world: World, unit: str) -> int | None:
    """Return how far the nearest contact within a day is from the time; None if there is none."""
    if window.from_us is None:
        return None
    found = _contacts(notice, window.loosened(_NEAREST_US), world, unit)
    return min((_distance(window, one) for one in found), default=None)


def _contacts(notice: Notice, window: Window, world: World, unit: str) -> list[Contact]:
    if not notice.remote_address and not notice.remote_name:
        return []
    remote = (notice.remote_address, notice.remote_port, notice.remote_name)
    found = world.contacts(remote, window.from_us, window.until_us)
    return [one for one in found if not unit or not one.unit or one.unit == unit]


def _leads(notice: Notice, window: Window, contacts: list[Contact]) -> Iterator[Lead]:
    taken: Counter[str] = Counter()
    ranked = sorted(
        ((_marks(notice, one), _distance(window, one), one) for one in contacts),
        key=lambda row: (-row[0], row[1], row[2].address, row[2].place),
    )
    for marks, distance, one in ranked:
        taken[one.address] += 1
        if taken[one.address] > MOST_OF_ONE:
            continue
        is_direct = one.address == notice.address
        step = Step(
            StepKind.DIRECT,
            notice.address,
            one.address,
            Certainty.CERTAIN if is_direct else Certainty.LIKELY,
            one.place,
            one.when_us,
            one.end_us,
        )
        yield Lead(
            address=one.address,
            port=one.port,
            when_us=one.when_us,
            # Another machine may have reached it too, on a way that no log saw.
            grade=Certainty.CERTAIN if is_direct and marks & Mark.OWN_PORT else Certainty.LIKELY,
            marks=marks,
            distance_us=distance,
            reasons=tuple(_reasons(notice, one, marks)),
            places=(one.place,),
            steps=(step,),
        )


def _marks(notice: Notice, contact: Contact) -> Mark:
    marks = Mark.NONE
    if contact.grade.rank >= _REACHED:
        marks |= Mark.REACHED
    if notice.remote_port is not None and contact.remote_port == notice.remote_port:
        marks |= Mark.REMOTE_PORT
        # Linux and most home routers keep the port of the machine where it is free; two machines
        # on the same port to the same service within minutes are rare (RFC 4787, 4.2.1).
        if notice.port is not None and contact.port == notice.port:
            marks |= Mark.OWN_PORT
    return marks


def _reasons(notice: Notice, contact: Contact, marks: Mark) -> Iterator[str]:
    if contact.address == notice.address:
        yield _("it holds the public address itself")
    if marks & Mark.REMOTE_PORT:
        yield _("a log inside shows it reach the same destination on the same port then")
    elif marks & Mark.REACHED:
        yield _("a log inside shows it reach the same destination then")
    else:
        yield _("it asked for the name of the destination then")
    if marks & Mark.OWN_PORT:
        yield _("its own port is that of the notice; most routers keep it")


def _distance(window: Window, contact: Contact) -> int:
    end = contact.when_us if contact.end_us is None else contact.end_us
    return window.distance_us(contact.when_us, end)
