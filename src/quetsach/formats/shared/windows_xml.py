"""A Windows event as XML, read by its few fixed elements: no parser, no entity, no depth.

Source: schemas.microsoft.com/win/2004/08/events/event. Logs put the element on one line or on
several, with or without a namespace, with either kind of quotation mark.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_EVENT = re.compile(r"<(?:\w{1,20}:)?Event[\s>]")
_PROVIDER = re.compile(r"<Provider\s[^<>]{0,400}?\bName\s?=\s?['\"]([^'\"<>]{1,200})['\"]")
_EVENT_ID = re.compile(r"<EventID(?:\s[^<>]{0,100})?>\s{0,20}(\d{1,6})\s{0,20}<")
_TIME = re.compile(r"<TimeCreated\s[^<>]{0,200}?SystemTime\s?=\s?['\"]([^'\"<>]{1,40})['\"]")
_CHANNEL = re.compile(r"<Channel>([^<>]{1,255})<")
_COMPUTER = re.compile(r"<Computer>([^<>]{1,255})<")
_DATA = re.compile(r"<Data\s([^<>]{1,300})>([^<]{0,65536})</Data>")
_NAME = re.compile(r"\bName\s?=\s?['\"]([^'\"<>]{1,200})['\"]")
_USER_DATA = re.compile(r"<([A-Za-z]\w{0,63})>([^<]{1,65536})</\1>")
_MESSAGE = re.compile(r"<Message>([^<]{1,65536})</Message>")
_MOST = 2000


@dataclass(frozen=True)
class EventXml:
    """What one element says; "" where it does not say it."""

    provider: str
    channel: str
    event_id: int
    computer: str
    system_time: str
    data: tuple[tuple[str, str], ...]
    message: str


def is_event(text: str) -> bool:
    """Return whether the element of an event begins in `text`."""
    return "<EventID" in text and _EVENT.search(text) is not None


def read(text: str) -> EventXml | None:
    """Return what the element in `text` says; None where it has no number."""
    number = _EVENT_ID.search(text)
    if number is None:
        return None
    return EventXml(
        _first(_PROVIDER, text),
        _first(_CHANNEL, text).strip(),
        int(number[1]),
        _first(_COMPUTER, text).strip(),
        _first(_TIME, text).strip(),
        tuple(data_of(text)),
        _first(_MESSAGE, text),
    )


def data_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each data element, and of those that a provider named itself."""
    for count, element in enumerate(_DATA.finditer(text)):
        name = _NAME.search(element[1])
        if name is not None and count < _MOST:
            yield html.unescape(name[1]), html.unescape(element[2]).strip()
    start = text.find("<UserData>")
    if start >= 0:
        for count, element in enumerate(_USER_DATA.finditer(text, start)):
            if count < _MOST:
                yield element[1], html.unescape(element[2]).strip()


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return "" if match is None else html.unescape(match[1])
