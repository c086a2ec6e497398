"""What other installed packages offer by entry points; docs/plugins.md is the contract.

Packages are looked at when something is first asked for that nothing built-in is: a file of unknown
form, an unknown name. Code of others may raise anything: it is called through `guarded`, what it
did is kept as a problem that names package and version, and the caller goes on without it.
"""

import os
import re
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from quetsach.errors.exceptions import Problem, QuetsachError

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

    from quetsach.stuck_calls import CallProgress

SWITCH = "QUETSACH_PLUGINS"
"""The variable that, set to `off`, leaves all packages of others aside."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,38}[a-z0-9]")
"""What something may be called; `host-` is kept for what a machine tells of itself."""

_MOST_REASON = 200
_MOST_PROBLEMS = 100
_MARK = b"[quetsach."

T = TypeVar("T")


class PluginGroup(StrEnum):
    """The groups of entry points."""

    FORMATS = "formats"
    DIALECTS = "dialects"
    LIST_FORMS = "list_forms"
    OUTPUTS = "outputs"
    EXPORTS = "exports"

    @property
    def full(self) -> str:
        """The name by which packages know it."""
        return f"quetsach.{self}"


@dataclass(frozen=True)
class PluginOffer:
    """One entry point: its group and name, and the package that has it, in which version."""

    group: PluginGroup
    name: str
    package: str
    version: str
    entry: "EntryPoint" = field(compare=False, repr=False)

    @property
    def shown(self) -> str:
        """What people know it by."""
        return f"{self.package} {self.version} ({self.group.full} {self.name})"

    def to_json(self) -> dict[str, str]:
        """Return it in plain values."""
        return {
            "group": self.group.full,
            "name": self.name,
            "package": self.package,
            "version": self.version,
        }


@cache
def all_offers() -> tuple[PluginOffer, ...]:
    """Return every entry point of the groups, by group, package and name.

    Cost: a look into each installed package, once a process; 3 ms for 200 packages.
    """
    if os.environ.get(SWITCH, "").lower() == "off" or not any(map(_may_offer, sys.path)):
        return ()
    offers = []
    groups = {group.full: group for group in PluginGroup}
    for offered in _entries():
        if offered.group not in groups or offered.dist is None:
            continue
        try:
            _refuse_here(offered.dist)
            package, version = _identity(offered.dist)
        except Exception as error:  # noqa: BLE001 - what lies in its folder may be anything
            _note_package(offered.dist, error)
            continue
        offers.append(PluginOffer(groups[offered.group], offered.name, package, version, offered))
    places = {group: place for place, group in enumerate(PluginGroup)}
    return tuple(sorted(offers, key=lambda one: (places[one.group], one.package, one.name)))


def _entries() -> list["EntryPoint"]:
    """Return the entry points of all packages but of those whose files are damaged: E650."""
    from importlib.metadata import distributions, entry_points

    try:
        return [entry for group in PluginGroup for entry in entry_points(group=group.full)]
    except Exception:  # noqa: BLE001 - one damaged package breaks the look at all of them
        entries: dict[str, list[EntryPoint]] = {}
    for package in distributions():
        try:
            entries.setdefault(_identity(package)[0], list(package.entry_points))
        except Exception as error:  # noqa: BLE001 - what lies in its folder may be anything
            _note_package(package, error)
    return [entry for listed in entries.values() for entry in listed]


def _refuse_here(package: "Distribution") -> None:
    """Raise ValueError for a package in the current folder, which may be that of the evidence.

    A notebook and `python -m` look for modules there, and nobody has installed it.
    """
    if Path(str(package.locate_file(""))).resolve() == Path.cwd():
        raise ValueError("it lies in the current folder, and code is not loaded from there")


def _identity(package: "Distribution") -> tuple[str, str]:
    """Return name and version of a package. Raises ValueError where it does not say them."""
    name, version = package.metadata["Name"], package.metadata["Version"]
    if not isinstance(name, str) or not isinstance(version, str):
        raise ValueError("METADATA is missing or damaged")
    return name, version


def _note_package(package: "Distribution", error: Exception) -> None:
    """Keep as E650 that a package as a whole cannot be used; its folder is what is known of it."""
    problem = Problem("E650", str(package.locate_file("")), {"reason": _reason(error)})
    if problem not in _UNUSABLE and len(_UNUSABLE) < _MOST_PROBLEMS:
        _UNUSABLE.append(problem)


def _may_offer(place: str) -> bool:
    """Return False where no package in `place`, an entry of the module path, has such a group."""
    folder = Path(place or ".")
    try:
        infos = [entry.path for entry in os.scandir(folder) if entry.name.endswith("-info")]
    except NotADirectoryError:
        # An archive, as Spark sends packages to its workers.
        return True
    except OSError:
        return False
    return any(_MARK in _content(Path(info) / "entry_points.txt") for info in infos)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


_UNUSABLE: list[Problem] = []
"""What cannot be used: of a process, as what was loaded is."""

_RAISED: list[Problem] = []
"""What raised since it was last asked for."""


def offers_of(group: PluginGroup, built_in: Collection[str] = ()) -> tuple[PluginOffer, ...]:
    """Return what is offered in `group` under a name of its own, in order.

    A name in `built_in`, one that an earlier package has, and what is no name are left out: E650.
    """
    kept: dict[str, PluginOffer] = {}
    for offer in all_offers():
        if offer.group is not group:
            continue
        if not NAME.fullmatch(offer.name) or offer.name.startswith("host-"):
            _note("E650", offer, "the name has another form than [a-z0-9-], or begins with host-")
        elif offer.name in built_in:
            _note("E650", offer, "quetsach itself has this name")
        elif offer.name in kept:
            _note("E650", offer, f"{kept[offer.name].package} has this name")
        else:
            kept[offer.name] = offer
    return tuple(kept.values())


def load(
    offer: PluginOffer,
    fits: Callable[[Any], Any],
    convert: Callable[[Any], Any] = lambda loaded: loaded,
) -> Any:
    """Return what the entry point stands for, None where it cannot be used: E650.

    Shapes: `convert` gives what is wanted of what stands there; `fits` is true for what the group's
    contract asks for.
    """
    try:
        loaded = _in_time(offer, lambda: convert(offer.entry.load()))
        if not _in_time(offer, lambda: fits(loaded)):
            _note("E650", offer, f"{type(loaded).__name__} is not what its group asks for")
            return None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - code of others may raise anything
        _note("E650", offer, _reason(error))
        return None
    return loaded


def guarded(offer: PluginOffer, call: Callable[[], T], otherwise: T) -> T:
    """Return what `call` returns; `otherwise` where it raises or is stuck, kept as E651."""
    try:
        return _in_time(offer, call)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - code of others may raise anything
        _note("E651", offer, _reason(error))
        return otherwise


def demanded(
    offer: PluginOffer, call: Callable[[], T], progress: "CallProgress | None" = None
) -> T:
    """Return what `call` returns. Errors: E651 where it raises, or makes no progress any more."""
    try:
        return _in_time(offer, call, progress)
    except QuetsachError:
        raise
    except (Exception, SystemExit) as error:  # code of others may raise anything
        raise QuetsachError("E651", offer.shown, reason=_reason(error)) from error


def _in_time(
    offer: PluginOffer, call: Callable[[], T], progress: "CallProgress | None" = None
) -> T:
    # Only who has packages of others loads what watches them.
    from quetsach.stuck_calls import call_in_time

    return call_in_time(offer.shown, call, progress)


def take_problems(*groups: PluginGroup) -> tuple[Problem, ...]:
    """Return what of `groups` cannot be used (E650), and what raised since this was last asked."""
    raised = tuple(_RAISED)
    _RAISED.clear()
    signs = tuple(f"({group.full} " for group in groups)
    # A package that cannot be used as a whole might have had something of any group.
    return tuple(
        problem
        for problem in (*_UNUSABLE, *raised)
        if any(sign in problem.where for sign in signs) or "(quetsach." not in problem.where
    )


def _note(code: str, offer: PluginOffer, reason: str) -> None:
    problem = Problem(code, offer.shown, {"reason": reason})
    problems = _UNUSABLE if code == "E650" else _RAISED
    if problem not in problems and len(problems) < _MOST_PROBLEMS:
        problems.append(problem)


def _reason(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:_MOST_REASON]
    except Exception:  # noqa: BLE001 - code of others may raise anything, even in its error's text
        return type(error).__name__[:_MOST_REASON]
