"""Web pages (HTML, XHTML): text, tables and link targets; scripts and styles are left out."""

import codecs
import re

from quetsach.decoding import decode
from quetsach.errors import QuetsachError
from quetsach.papers.contract import Limits, Paper
from quetsach.papers.gather import Gathering
from quetsach.papers.text import decoded
from quetsach.papers.web_text import Tags

_HEAD = 4096
_STARTS = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--.{0,2000}?-->\s{0,200}){0,9}"
    r"<(?:!doctype\s{1,20}html|html|head|body|meta|table|div|p|title|style|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Web:
    """Reads a web page by libxml2's events: no tree is built, so nesting costs nothing."""

    name = "html"
    title = "Web page (HTML)"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` begins as HTML."""
        head = decode(raw[:_HEAD])
        return head is not None and _STARTS.match(head) is not None

    def read(self, raw: bytes, name: str, limits: Limits) -> Paper:
        """Return the page.

        Errors: E411 when it is no text.
        """
        out = Gathering(name, self.name, limits)
        with out.bounded():
            take_html(_text(raw, name), out)
        return out.paper(raw)


def take_html(text: str, out: Gathering) -> None:
    """Take what the page `text` says into `out`."""
    from lxml import etree

    tags = Tags(out)
    parser = etree.HTMLParser(
        target=tags, encoding="utf-8", no_network=True, recover=True, huge_tree=True
    )
    # A lone half of a pair has no UTF-8; it stands for nothing that could be read.
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError as err:
        tags.close()
        if str(err) not in ("None", "no element found"):
            out.problem("E411", reason=str(err))


def _text(raw: bytes, name: str) -> str:
    declared = _CHARSET.search(raw[:_HEAD])
    if declared and not raw.startswith(_MARKS) and b"\0" not in raw[:_HEAD]:
        text = in_charset(raw, declared[1].decode("ascii"))
        if text is not None:
            return text
    text = decoded(raw)
    if text is None:
        raise QuetsachError("E411", name, reason="\\0")
    return text


def in_charset(raw: bytes, charset: str) -> str | None:
    """Return the text of `raw` in `charset`, or None for a charset that is unknown or wrong."""
    charset = charset.strip().lower()
    # Source: WHATWG Encoding: browsers read Latin-1 and ASCII as Windows-1252.
    latin = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252"}
    try:
        return raw.decode(latin.get(charset, charset))
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
