"""Which addresses a tool may name: its maker's own page, and nothing that hides where it leads."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

_SHORT = frozenset(
    (
        *("bit.ly", "bitly.com", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "v.gd"),
        *("buff.ly", "rebrand.ly", "cutt.ly", "shorturl.at", "rb.gy", "s.id", "t.ly", "tiny.cc"),
        *("bl.ink", "soo.gd", "clck.ru", "lnkd.in", "fb.me", "m.me", "youtu.be", "aka.ms"),
        *("g.co", "amzn.to", "adf.ly", "shorte.st", "ouo.io", "linktr.ee", "qrco.de", "me-qr.com"),
        *("by.com.vn", "link.vn", "zalo.me", "shorten.asia", "shope.ee", "vn.link", "u.nu"),
        *("dub.sh", "short.io", "shorturl.com", "trib.al", "urlz.fr", "x.gd", "tny.im", "1url.cz"),
    )
)
"""Hosts that lead elsewhere, and do not show where."""

_ANYBODYS = frozenset(
    (
        *("drive.google.com", "docs.google.com", "mediafire.com", "mega.nz", "fshare.vn"),
        *("dropbox.com", "wetransfer.com", "4shared.com", "t.me", "telegram.me", "discord.com"),
        *("cdn.discordapp.com", "raw.githubusercontent.com", "pastebin.com", "onedrive.live.com"),
        *("1drv.ms", "facebook.com", "zippyshare.com", "gofile.io", "anonfiles.com"),
    )
)
"""Hosts where everybody may put files: what lies there is not its maker's."""

_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def flaw_of(address: str) -> str:
    """Return why `address` may not be named, "" when it may."""
    if not address.isascii() or not address.isprintable() or " " in address:
        return _("The address has signs that an address does not have.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return _("This is no address.")
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https":
        return _("The address must begin with https://.")
    if parts.username is not None or port not in (None, 443) or _is_number(host):
        return _("Name the maker's page by its name, without user, number or port.")
    if not _HOST.fullmatch(host) or host.startswith("xn--") or ".xn--" in host:
        return _("The host name is none, or has letters that look like others.")
    if _is_of(host, _SHORT):
        return _("A short link hides where it leads. Name the maker's own page.")
    if _is_of(host, _ANYBODYS):
        return _("Everybody may put files there. Name the maker's own page.")
    return ""


def _is_of(host: str, hosts: frozenset[str]) -> bool:
    parts = host.split(".")
    return any(".".join(parts[place:]) in hosts for place in range(len(parts)))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
