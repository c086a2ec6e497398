"""The test box of a rehearsal: the mails that would have gone out, as files in its folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings

FOLDER = "box"
_LARGEST = 1 << 20


@dataclass(frozen=True)
class BoxMail:
    """A mail of the box: its number, to whom, what it says. `at` is None where it says nothing."""

    number: int
    to: str
    subject: str
    at: datetime | None
    text: str


def put_in_box(number: int, message: bytes) -> None:
    """Write a mail, as a server would be handed it, into the box; again is the same as once."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"{number:010}.eml"
    aside = place.with_suffix(".part")
    aside.write_bytes(message)
    aside.replace(place)


class MailsInBox(Sequence[BoxMail]):
    """The mails of the box, the newest first; each is read when it is asked for."""

    def __init__(self, places: list[Path]) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, which):  # type: ignore[no-untyped-def]  # as of every sequence
        if isinstance(which, slice):
            return [_read(place) for place in self._places[which]]
        return _read(self._places[which])


def mails_in_box() -> MailsInBox:
    """Return the mails of the box."""
    return MailsInBox(sorted(_folder().glob("*.eml"), reverse=True))


def mail_at(number: int) -> BoxMail | None:
    """Return the mail with this number, None where there is none."""
    place = _folder() / f"{number:010}.eml"
    return _read(place) if place.is_file() else None


def _folder() -> Path:
    return Path(settings.QUETSACH.home) / FOLDER


def _read(place: Path) -> BoxMail:
    with place.open("rb") as file:
        message = message_from_bytes(file.read(_LARGEST), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    date = message["Date"]
    return BoxMail(
        number=int(place.stem),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=None if date is None else date.datetime,
        text="" if body is None else str(body.get_content()),
    )
