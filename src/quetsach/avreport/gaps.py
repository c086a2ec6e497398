"""What a message does not tell, or tells in a way that says nothing: missing and constant."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from quetsach.avreport.message import FROM, GROUPS, Group, Message, Row
from quetsach.texts import _, plain

LEAST_FOR_CONSTANT = 3
"""From how many rows on one and the same value is called constant."""


def gaps(message: Message) -> list[str]:
    """Return a sentence for each thing that is missing, constant or filled with something else.

    Source of what to look for: messages as a public connector sent them in 2023-24.
    """
    return [*_sender(message), *_report(message), *_groups(message)]


def _sender(message: Message) -> Iterator[str]:
    missing = [name for name in FROM if not message.sender.get(name)]
    if missing:
        yield _("of the sender is missing: %(names)s") % {"names": ", ".join(missing)}
    if not message.subject:
        yield _("the subject is missing")


def _report(message: Message) -> Iterator[str]:
    if message.datetime is None:
        yield _("the time of the report is missing")
    if message.not_updated is None or not message.not_updated:
        yield _("Update: the number of machines without update for 15 days is not told")
    elif message.not_updated == "0":
        yield _("Update: 0 machines without update for 15 days; a constant 0 is known in the field")
    elif not message.not_updated.isdigit():
        yield _("Update: not a number: %(text)s") % {"text": plain(message.not_updated[:40])}


def _groups(message: Message) -> Iterator[str]:
    for group in GROUPS:
        rows = [one for one in message.rows if one.group == group.name]
        if not rows:
            yield _("%(group)s: nothing is told") % {"group": group.name}
            continue
        yield from _attributes(group, rows)
        yield from _fields(group, rows)
        yield from _misused(group, rows)


def _attributes(group: Group, rows: Sequence[Row]) -> Iterator[str]:
    for name, values in (("ip", [one.ip for one in rows]), ("name", [one.name for one in rows])):
        yield from _missing(f"{group.name}: Machine@{name}", values)
    odd = [one.ip for one in rows if one.ip is not None and not _is_address(one.ip)]
    yield from _not_addresses(f"{group.name}: Machine@ip", odd)


def _fields(group: Group, rows: Sequence[Row]) -> Iterator[str]:
    for name in group.fields:
        values = [one.facts.get(name) for one in rows]
        yield from _missing(f"{group.name}: {name}", values)
        if len(values) >= LEAST_FOR_CONSTANT and None not in values and len(set(values)) == 1:
            yield _("%(what)s: always %(value)s, in %(count)s rows") % {
                "what": f"{group.name}: {name}",
                "value": plain(str(values[0])[:60]),
                "count": len(values),
            }


def _missing(what: str, values: Sequence[str | None]) -> Iterator[str]:
    missing = sum(not one for one in values)
    if missing:
        yield _("%(what)s: missing in %(count)s of %(of)s rows") % {
            "what": what,
            "count": missing,
            "of": len(values),
        }


def _misused(group: Group, rows: Sequence[Row]) -> Iterator[str]:
    if group.name == "Malware":
        paths = [one for one in rows if _is_path(one.facts.get("TypeOfDevice", ""))]
        if paths:
            yield _("Malware: TypeOfDevice holds a path of a file in %(count)s rows") % {
                "count": len(paths)
            }
        same = [
            one
            for one in rows
            if one.facts.get("MalwareType") is not None
            and one.facts.get("MalwareType") == one.facts.get("MalwareBehavior")
        ]
        if same:
            yield _("Malware: MalwareBehavior only repeats MalwareType in %(count)s rows") % {
                "count": len(same)
            }
    targets = [one.facts["TargetIP"] for one in rows if "TargetIP" in one.facts]
    yield from _not_addresses(
        f"{group.name}: TargetIP", [one for one in targets if not _is_address(one)]
    )


def _not_addresses(what: str, odd: Sequence[str]) -> Iterator[str]:
    if odd:
        yield _("%(what)s: no address in %(count)s rows, such as %(text)s") % {
            "what": what,
            "count": len(odd),
            "text": plain(odd[0][:60]),
        }


def _is_path(text: str) -> bool:
    return "\\" in text or "/" in text


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
