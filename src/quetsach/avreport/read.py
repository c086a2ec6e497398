"""An AVReport from its XML: tolerant to what is seen in the field, and naming each deviation."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quetsach.avreport.message import EDXML, FROM, GROUPS, NOT_UPDATED, Group, Message, Row
from quetsach.avreport.tree import text_of
from quetsach.errors import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from lxml.etree import _Element

_PREFIX = f"{{{EDXML}}}"
_OTHER_FIELDS = frozenset({"pathfile", "hashfile", "targetport", "organizationincharge"})
"""Fields of later forms of the message (công văn 8676/A05-TT4, as a public design quotes it)."""


class Reader:
    """Reads one message and counts what deviates from the form."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._deviations: Counter[str] = Counter()

    def read(self, root: "_Element") -> Message:
        """Return the message in the tree. Errors: E440 when there is no AVReport, or two."""
        if root.tag != "edXMLEnvelope":
            self._deviate(root, "edXMLEnvelope")
        reports = [one for one in root.iter("{*}*") if _is(one, "AVReport")]
        if len(reports) != 1:
            reason = _("it holds %(count)s reports, not one") % {"count": len(reports)}
            raise QuetsachError("E440", self._where, reason=reason)
        report = reports[0]
        self._expect(report, "AVReport")
        sender, subject = self._head(root)
        return Message(
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
            self._say(_("MessageHeader is missing"))
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
            self._say(_("Datetime is not a number of seconds: %(text)s") % {"text": _cut(text)})
            return None
        return int(text)

    def _not_updated(self, report: "_Element") -> str | None:
        update = self._child(report, "Update")
        element = None if update is None else self._child(update, NOT_UPDATED)
        return None if element is None else text_of(element)

    def _rows(self, report: "_Element") -> Iterator[Row]:
        groups = {one.name.lower(): one for one in GROUPS}
        for element in report.iterchildren("{*}*"):
            group = groups.get(_local(element).lower())
            if group is not None:
                self._expect(element, group.name)
                yield from self._group(element, group)
            elif _local(element).lower() not in ("datetime", "update"):
                self._unknown(element)

    def _group(self, parent: "_Element", group: Group) -> Iterator[Row]:
        for machine in parent.iterchildren("{*}*"):
            if not _is(machine, "Machine"):
                self._unknown(machine)
                continue
            self._expect(machine, "Machine")
            ip, name = (self._attribute(machine, key) for key in ("ip", "name"))
            if not group.info:
                yield Row(group.name, ip, name, self._fields(machine, group.fields))
                continue
            infos = [one for one in machine.iterchildren("{*}*") if _is(one, group.info)]
            for other in machine.iterchildren("{*}*"):
                if not _is(other, group.info):
                    self._unknown(other)
            for info in infos:
                self._expect(info, group.info)
                yield Row(group.name, ip, name, self._fields(info, group.fields))
            if not infos:
                self._say(_("a Machine without %(name)s") % {"name": group.info})
                yield Row(group.name, ip, name)

    def _attribute(self, machine: "_Element", name: str) -> str | None:
        for key, value in machine.items():
            if str(key).lower() == name and value.strip():
                if key != name:
                    self._say(
                        _("attribute %(found)s instead of %(right)s")
                        % {"found": key, "right": name}
                    )
                return str(value).strip()
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
                self._say(_("%(name)s stands twice; the first is taken") % {"name": name})
            elif text:
                facts[name] = text
        return facts

    def _child(self, parent: "_Element", tag: str) -> "_Element | None":
        found = [one for one in parent.iterchildren("{*}*") if _is(one, tag.rpartition("}")[2])]
        if not found:
            self._say(_("%(name)s is missing") % {"name": tag.rpartition("}")[2]})
            return None
        if len(found) > 1:
            self._say(
                _("%(name)s stands twice; the first is taken") % {"name": tag.rpartition("}")[2]}
            )
        self._expect(found[0], tag)
        return found[0]

    def _expect(self, element: "_Element", tag: str) -> None:
        if element.tag != tag:
            self._deviate(element, tag)

    def _deviate(self, element: "_Element", tag: str) -> None:
        facts = {"found": _written(element), "right": tag.replace(_PREFIX, "edXML:")}
        self._say(_("%(found)s instead of %(right)s") % facts)

    def _unknown(self, element: "_Element") -> None:
        self._say(_("%(name)s is not in the form") % {"name": _written(element)})

    def _say(self, text: str) -> None:
        # A message can deviate in any number of ways; what is named is bounded, and says so.
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
