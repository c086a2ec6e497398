"""A unit's code goes along from page to page in the links: no cookie is needed to keep it."""

import re
from html import escape
from urllib.parse import quote

from quetsach_public.padding import padded_reply
from quetsach_public.sending import Reply, own_reply

_LINK = re.compile(r'((?:href|action)="/[^".?#]*)(\?[^"#]*)?(?=["#])')
"""A link to a page of ours; those of files have a dot."""


def carrying(reply: Reply, code: str) -> Reply:
    """Return `reply` with `code` in the links of its page; "" is none."""
    if not code or not reply.body or not reply.kind.startswith("text/html"):
        return reply
    asked = f"ma={escape(quote(code))}"

    def carried(found: re.Match[str]) -> str:
        link, query = found[1], found[2] or ""
        if "ma=" in query:
            return found[0]
        return f"{link}{query}&amp;{asked}" if query else f"{link}?{asked}"

    # Made for who asks, so it is kept by nobody.
    body = _LINK.sub(carried, reply.body.decode()).encode()
    return (padded_reply if reply.is_padded else own_reply)(body, reply.status)
