"""What the last release held, to say what came and what went; and the file that remembers it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from quetsach.blocking.choose import Identity, identity
from quetsach.blocking.contract import Entry
from quetsach.errors import QuetsachError
from quetsach.indicators.model import Indicator, Kind, Rule
from quetsach.texts import _

HEAD = "key\tkind\trule\tuntil\tsince"
KEYS_FILE = "keys.tsv"


@dataclass(frozen=True)
class Previous:
    """The entries of the last release, by identity; the rest is 0 or "" where it is not known.

    Shapes: `made_as` is its form, mode and name: only one alike can be led on by a difference.
    """

    entries: Mapping[Identity, Entry]
    serial: int = 0
    list_id: str = ""
    made_as: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class Difference:
    """What one release has more and less than the one before."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    kept: int


def difference(entries: Sequence[Entry], previous: Previous) -> Difference:
    """Return what `entries` changed against the last release."""
    now = {identity(one.indicator): one for one in entries}
    added = tuple(one for key, one in now.items() if key not in previous.entries)
    removed = tuple(one for key, one in previous.entries.items() if key not in now)
    return Difference(added, removed, len(now) - len(added))


def difference_text(changed: Difference) -> str:
    """Return the change as lines, `+` before what came and `-` before what went."""
    lines = [f"+ {one.indicator.key}" for one in changed.added]
    lines += [f"- {one.indicator.key}" for one in changed.removed]
    return "".join(f"{line}\n" for line in lines)


def keys_text(entries: Iterable[Entry]) -> str:
    """Return the file that the next release is compared with."""
    lines = [HEAD]
    for one in entries:
        said = one.indicator
        times = (_time(one.until_us), _time(one.since_us))
        lines.append("\t".join((said.key, said.kind, said.rule, *times)))
    return "".join(f"{line}\n" for line in lines)


def read_keys(text: str, name: str) -> dict[Identity, Entry]:
    """Return the entries that keys_text wrote.

    Errors: E249 where the text is not what it writes.
    """
    lines = text.splitlines()
    if not lines or lines[0] != HEAD:
        raise QuetsachError("E249", name, reason=_("it is no list of keys of a release"))
    found = {}
    for number, line in enumerate(lines[1:], 2):
        try:
            key, kind, rule, until, since = line.split("\t")
            one = _indicator(key, Kind(kind), Rule(rule))
            entry = Entry(one, _us(until), _us(since))
        except ValueError as err:
            reason = _("line %(row)s is damaged") % {"row": number}
            raise QuetsachError("E249", name, reason=reason) from err
        found[identity(one)] = entry
    return found


def _indicator(key: str, kind: Kind, rule: Rule) -> Indicator:
    port = int(key.rpartition(":")[2]) if rule is Rule.IP_PORT else None
    return Indicator(key, key, kind, rule, port)


def _time(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).isoformat()


def _us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * 1_000_000
