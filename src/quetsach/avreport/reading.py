"""An AVReport read from its XML: tolerant, naming each deviation and each gap."""

from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

from quetsach.avreport.message import (
    EDXML,
    FROM,
    GROUPS,
    NOT_UPDATED,
    AvReportMessage,
    MachineGroup,
    MachineRow,
)
from quetsach.containers import xml
from quetsach.containers.refusal import ContainerRefused, RefusalCode, reason_of
from quetsach.containers.xml import IN_MESSAGES, text_of
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from lxml.etree import _Element


_PREFIX = f"{{{EDXML}}}"
_OTHER_FIELDS = frozenset({"pathfile", "hashfile", "targetport", "organizationincharge"})
"""Fields of later forms of the message (công văn 8676/A05-TT4, as a public design quotes it)."""


def parse_message(raw: bytes, where: str) -> "_Element":
    """Return the root of `raw`, without comments and processing instructions.

    Errors: E440 with the reason: no XML, a document type, too large or too complex.
    """
    try:
        return xml.parse(raw, where, IN_MESSAGES)
    except ContainerRefused as refusal:
        reason = {
            RefusalCode.TOO_LARGE: _("it is larger than 16 MiB"),
            RefusalCode.DOCUMENT_TYPE: _("it has a document type or entities (an attack)"),
            RefusalCode.DAMAGED: _("no XML: %(error)s") % {"error": reason_of(refusal)},
        }.get(refusal.code, reason_of(refusal))
        raise QuetsachError("E440", where, reason=reason) from refusal


class MessageReader:
    """Reads one message and counts what deviates from the form."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._deviations: Counter[str] = Counter()

    def read(self, root: "_Element") -> AvReportMessage:
        """Return the message in the tree. Errors: E440 when there is no AVReport, or two."""
        if root.tag != "edXMLEnvelope":
            self._deviate(root, "edXMLEnvelope")
        reports = [one for one in root.iter("{*}*") if _is(one, "AVReport")]
        if len(reports) != 1:
            reason = _("it contains %(count)s reports instead of one") % {"count": len(reports)}
            raise QuetsachError("E440", self._where, reason=reason)
        report = reports[0]
        self._expect(report, "AVReport")
        sender, subject = self._head(root)
        return AvReportMessage(
            sender=sender,
            subject=subject,
            product=report.get("name") or "",
            datetime=self._datetime(report),
            rows=tuple(self._rows(report)),
            not_updated=self._not_updated(report),
        )

    def deviations(self) -> list[str]:
        """Return a sentence for each way in which the message was not as the form has it."""
        return [
            text if count == 1 else _("%(text)s (%(count)s times)") % {"text": text, "count": count}
            for text, count in self._deviations.items()
        ]

    def _head(self, root: "_Element") -> tuple[dict[str, str], str]:
        head = next((one for one in root.iter("{*}*") if _is(one, "MessageHeader")), None)
        if head is None:
            self._note(_("MessageHeader is missing"))
            return {}, ""
        self._expect(head, _PREFIX + "MessageHeader")
        subject = self._child(head, _PREFIX + "Subject")
        sender = self._child(head, _PREFIX + "From")
        told = {} if sender is None else self._fields(sender, FROM, prefix=_PREFIX)
        return told, "" if subject is None else text_of(subject)

    def _datetime(self, report: "_Element") -> int | None:
        element = self._child(report, "Datetime")
        if element is None:
            return None
        text = text_of(element)
        if not text.isascii() or not text.isdigit() or len(text) > 11:
            self._note(_("Datetime is not a number of seconds: %(text)s") % {"text": _cut(text)})
            return None
        return int(text)

    def _not_updated(self, report: "_Element") -> str | None:
        update = self._child(report, "Update")
        element = None if update is None else self._child(update, NOT_UPDATED)
        return None if element is None else text_of(element)

    def _rows(self, report: "_Element") -> Iterator[MachineRow]:
        groups = {one.name.lower(): one for one in GROUPS}
        for element in report.iterchildren("{*}*"):
            group = groups.get(_local(element).lower())
            if group is not None:
                self._expect(element, group.name)
                yield from self._group(element, group)
            elif _local(element).lower() not in ("datetime", "update"):
                self._unknown(element)

    def _group(self, parent: "_Element", group: MachineGroup) -> Iterator[MachineRow]:
        for machine in parent.iterchildren("{*}*"):
            if not _is(machine, "Machine"):
                self._unknown(machine)
                continue
            self._expect(machine, "Machine")
            ip, name = (self._attribute(machine, key) for key in ("ip", "name"))
            if not group.info:
                yield MachineRow(group.name, ip, name, self._fields(machine, group.fields))
                continue
            infos = [one for one in machine.iterchildren("{*}*") if _is(one, group.info)]
            for other in machine.iterchildren("{*}*"):
                if not _is(other, group.info):
                    self._unknown(other)
            for info in infos:
                self._expect(info, group.info)
                yield MachineRow(group.name, ip, name, self._fields(info, group.fields))
            if not infos:
                self._note(_("a Machine without %(name)s") % {"name": group.info})
                yield MachineRow(group.name, ip, name)

    def _attribute(self, machine: "_Element", name: str) -> str | None:
        for key, text in machine.items():
            if str(key).lower() == name and text.strip():
                if key != name:
                    self._note(
                        _("attribute %(found)s instead of %(right)s")
                        % {"found": key, "right": name}
                    )
                return str(text).strip()
        return None

    def _fields(
        self, parent: "_Element", names: tuple[str, ...], *, prefix: str = ""
    ) -> dict[str, str]:
        by_name = {name.lower(): name for name in names}
        facts: dict[str, str] = {}
        for element in parent.iterchildren("{*}*"):
            local = _local(element)
            name = by_name.get(local.lower())
            if name is None:
                self._unknown(element)
                if local.lower() not in _OTHER_FIELDS:
                    continue
                name = local
            else:
                self._expect(element, prefix + name)
            text = text_of(element)
            if name in facts:
                self._note(_("%(name)s occurs twice; the first is used") % {"name": name})
            elif text:
                facts[name] = text
        return facts

    def _child(self, parent: "_Element", tag: str) -> "_Element | None":
        children = [
            child for child in parent.iterchildren("{*}*") if _is(child, tag.rpartition("}")[2])
        ]
        if not children:
            self._note(_("%(name)s is missing") % {"name": tag.rpartition("}")[2]})
            return None
        if len(children) > 1:
            self._note(
                _("%(name)s occurs twice; the first is used") % {"name": tag.rpartition("}")[2]}
            )
        self._expect(children[0], tag)
        return children[0]

    def _expect(self, element: "_Element", tag: str) -> None:
        if element.tag != tag:
            self._deviate(element, tag)

    def _deviate(self, element: "_Element", tag: str) -> None:
        facts = {"found": _written(element), "right": tag.replace(_PREFIX, "edXML:")}
        self._note(_("%(found)s instead of %(right)s") % facts)

    def _unknown(self, element: "_Element") -> None:
        self._note(_("%(name)s is not in the form") % {"name": _written(element)})

    def _note(self, text: str) -> None:
        # A message can deviate in any number of ways; the list is bounded, and states so.
        if len(self._deviations) < 200 or text in self._deviations:
            self._deviations[text] += 1
        else:
            self._deviations[_("... and more deviations")] += 1


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _is(element: "_Element", name: str) -> bool:
    return _local(element).lower() == name.lower()


def _written(element: "_Element") -> str:
    space, _brace, local = str(element.tag).rpartition("}")
    if space == _PREFIX[:-1]:
        return _cut(f"edXML:{local}")
    return _cut(f"{element.prefix}:{local}" if element.prefix else local)


def _cut(text: str) -> str:
    return plain(text[:60])


LEAST_FOR_CONSTANT = 3
"""From how many rows on a repeated value is called constant."""


def gaps(message: AvReportMessage) -> list[str]:
    """Return a sentence for each thing that is missing, constant or filled with something else.

    Source of what to look for: messages as a public connector sent them in 2023-24.
    """
    return [*_sender(message), *_report(message), *_groups(message)]


def _sender(message: AvReportMessage) -> Iterator[str]:
    missing = [name for name in FROM if not message.sender.get(name)]
    if missing:
        yield _("of the sender is missing: %(names)s") % {"names": ", ".join(missing)}
    if not message.subject:
        yield _("the subject is missing")


def _report(message: AvReportMessage) -> Iterator[str]:
    if message.datetime is None:
        yield _("the time of the report is missing")
    if message.not_updated is None or not message.not_updated:
        yield _("Update: the number of machines without update for 15 days is not given")
    elif message.not_updated == "0":
        yield _("Update: 0 machines without update for 15 days; a constant 0 is known in the field")
    elif not message.not_updated.isdigit():
        yield _("Update: not a number: %(text)s") % {"text": plain(message.not_updated[:40])}


def _groups(message: AvReportMessage) -> Iterator[str]:
    for group in GROUPS:
        rows = [one for one in message.rows if one.group == group.name]
        if not rows:
            yield _("%(group)s: no data") % {"group": group.name}
            continue
        yield from _attributes(group, rows)
        yield from _fields(group, rows)
        yield from _misused(group, rows)


def _attributes(group: MachineGroup, rows: Sequence[MachineRow]) -> Iterator[str]:
    for name, values in (("ip", [one.ip for one in rows]), ("name", [one.name for one in rows])):
        yield from _missing(f"{group.name}: Machine@{name}", values)
    odd = [one.ip for one in rows if one.ip is not None and not _is_address(one.ip)]
    yield from _not_addresses(f"{group.name}: Machine@ip", odd)


def _fields(group: MachineGroup, rows: Sequence[MachineRow]) -> Iterator[str]:
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


def _misused(group: MachineGroup, rows: Sequence[MachineRow]) -> Iterator[str]:
    if group.name == "Malware":
        paths = [one for one in rows if _is_path(one.facts.get("TypeOfDevice", ""))]
        if paths:
            yield _("Malware: TypeOfDevice contains the path of a file in %(count)s rows") % {
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
