"""What a notice is traced in: the questions that evidence answers, whoever keeps it."""

from dataclasses import dataclass
from typing import Protocol

from quetsach.attribute.model import Certainty, Inner, Outside, Place, Rival, Step
from quetsach.inventory.model import Duty
from quetsach.match.grades import Grade
from quetsach.notices.model import Kind


@dataclass(frozen=True)
class Named:
    """The device that held an inside address at a time, and how that is known.

    Shapes: `steps` lead from the address to the device (lease, neighbour, inventory, override);
    `duty` is other than ORDINARY or SERVER where the device only passes on what others ask.
    """

    device: str
    address: str
    grade: Certainty
    rivals: tuple[Rival, ...] = ()
    steps: tuple[Step, ...] = ()
    duty: Duty = Duty.ORDINARY


@dataclass(frozen=True)
class Contact:
    """An inside address reached a destination, as a log inside saw it.

    Shapes: `address` and `port` are the inside end; `remote_address`, `remote_port` and
    `remote_name` the other, as far as the record says; `dataset` is the kind of record, such as
    zeek.conn; `unit` is "" where nothing tells it.
    Units: us since 1970, UTC; None where the record has no time; `end_us` is set where the record
    tells how long the contact lasted.
    """

    address: str
    port: int | None
    when_us: int | None
    grade: Grade
    place: Place
    dataset: str
    remote_address: str = ""
    remote_port: int | None = None
    remote_name: str = ""
    transport: str = ""
    unit: str = ""
    end_us: int | None = None


class World(Protocol):
    """Evidence, inventory and network plan, as far as they bear on notices."""

    def is_ours(self, address: str) -> bool | None:
        """Return whether the public `address` is one of ours; None where nobody said which are."""

    def unit_of_public(self, address: str) -> str:
        """Return the unit whose public address it is, "" where nothing tells it."""

    def translations(self, outside: Outside) -> list[tuple[Inner, ...]]:
        """Return each chain of translations that can be meant, from the outermost inwards.

        Those that were in force at some time from `when_us` to `until_us` (at `when_us` alone
        where that is None; at any time where both are), without any slack of their own. A port
        that is None stands for all ports; a record that does not say its remote fits any remote.
        The last of a chain is the inside address; a chain through two translators has two.
        """

    def translates(self, address: str) -> bool:
        """Return whether any record, of any time, translates to the public `address`.

        It is asked for each notice without answer, so that it should cost a look-up.
        """

    def holder(
        self, address: str, port: int | None, when_us: int | None, slack_us: int
    ) -> Named | None:
        """Return the device that held the inside `address`; None where no record speaks of it.

        `slack_us` is how far the clocks may be apart; `port` serves where machines share one.
        """

    def contacts(
        self, remote: tuple[str, int | None, str], from_us: int | None, until_us: int | None
    ) -> list[Contact]:
        """Return what reached `remote` (address, port, name) at some time in that window.

        An empty address or name is not looked for; one of both is enough. The port does not
        leave out a contact, for a log may not have it; None times are open ends.
        """

    def covering(self, kind: Kind, from_us: int | None, until_us: int | None) -> tuple[str, ...]:
        """Return the sources with records of `kind` that span some of that time, by their paths."""
