"""The catalogue of tools that a campaign vouches for: name, maker, official address, digest."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

FORMAT = "quetsach-tools/1"
MOST_BYTES = 4_000_000
MOST_TOOLS = 10_000
MOST_WITHDRAWN = 20_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WORDS = re.compile(r"[^\W_]{4,}")


class TrustedTool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of one version of a tool.

    Shapes: `sha256` is 64 lower-case hex digits of the file as its maker publishes it; `purpose` by
    language; `address` is the maker's own page, never a shortened one; `price` 0 is free of charge.
    """

    name: str
    maker: str
    version: str
    file: str
    sha256: str
    address: str
    purpose: dict[str, str]
    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    offline: bool = False
    price: int = 0


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tools of one catalogue, who made it when, and how long its word holds.

    Shapes: of two catalogues of one maker the one with the greater `serial` is the newer;
    `valid_until` is ISO 8601 with offset; `withdrawn` are digests that were vouched for once.
    """

    format: str
    made_by: str
    made_at: str
    valid_until: str
    serial: int
    tools: tuple[TrustedTool, ...]
    withdrawn: tuple[str, ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Tell whether `now` is past the time until which the catalogue holds."""
        return now > datetime.fromisoformat(self.valid_until)


@dataclass(frozen=True)
class ToolMatch:
    """What a catalogue says of a file: the tool it is, or those whose names are like its own.

    A file that `is_withdrawn` is no tool any more.
    """

    tool: TrustedTool | None
    named: tuple[TrustedTool, ...]
    is_withdrawn: bool


def read_catalogue(content: bytes, where: str) -> Catalogue:
    """Return the catalogue in `content`. Errors: E270 with what is wrong and where in it."""
    if len(content) > MOST_BYTES:
        raise QuetsachError("E270", where, reason=_("it is too large"))
    try:
        catalogue = msgspec.json.decode(content, type=Catalogue)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise QuetsachError("E270", where, reason=str(error)[:200]) from error
    if catalogue.format != FORMAT:
        raise QuetsachError("E270", where, reason=_("its format is not %s") % FORMAT)
    if len(catalogue.tools) > MOST_TOOLS or len(catalogue.withdrawn) > MOST_WITHDRAWN:
        raise QuetsachError("E270", where, reason=_("it is too large"))
    if not _is_time(catalogue.valid_until):
        raise QuetsachError("E270", where, reason=_("it does not say until when it holds"))
    if not all(map(_DIGEST.fullmatch, catalogue.withdrawn)):
        raise QuetsachError("E270", where, reason=_("its digest is not 64 lower-case hex digits"))
    for tool in catalogue.tools:
        flaw = _flaw(tool)
        if flaw:
            raise QuetsachError("E270", where, reason=f"{tool.name[:60]}: {flaw}")
    return catalogue


def catalogue_json(catalogue: Catalogue) -> bytes:
    """Return the bytes that `read_catalogue` reads, one spelling for one content."""
    return msgspec.json.format(msgspec.json.encode(catalogue, order="sorted"), indent=1) + b"\n"


def find(catalogue: Catalogue, sha256: str, file_name: str) -> ToolMatch:
    """Return the tool of this digest, and those that a file of this name may claim to be."""
    tools = catalogue.tools
    is_withdrawn = sha256 in catalogue.withdrawn
    tool = None if is_withdrawn else next((one for one in tools if one.sha256 == sha256), None)
    asked = _words(file_name)
    named = tuple(one for one in tools if asked & (_words(one.name) | _words(one.file)))
    return ToolMatch(tool, named, is_withdrawn)


def _words(text: str) -> set[str]:
    return set(_WORDS.findall(text.casefold())) - {"setup", "installer", "install"}


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _flaw(tool: TrustedTool) -> str:
    """Return what is wrong with an entry, "" for nothing."""
    if not _DIGEST.fullmatch(tool.sha256):
        return _("its digest is not 64 lower-case hex digits")
    if not tool.address.startswith("https://"):
        return _("its address does not begin with https://")
    texts = (tool.name, tool.maker, tool.version, tool.file, tool.address, *tool.purpose.values())
    if not all(one.strip() and one.isprintable() and len(one) <= 500 for one in texts):
        return _("a text is empty, too long, or has characters that cannot be shown")
    return ""
