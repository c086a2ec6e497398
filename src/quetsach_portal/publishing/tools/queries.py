"""Tools of the catalogue, and the check that an address does not hide its owner."""

import ipaddress
import re
from urllib.parse import parse_qsl, urlsplit

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from quetsach.api import lists
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.roles.scope import get_or_404
from quetsach_portal.publishing.models import PublicTool, ToolState
from quetsach_portal.publishing.tools.file import has_key, public_key

_SHORT = frozenset(
    (
        *("bit.ly", "bitly.com", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "v.gd"),
        *("buff.ly", "rebrand.ly", "cutt.ly", "shorturl.at", "rb.gy", "s.id", "t.ly", "tiny.cc"),
        *("bl.ink", "soo.gd", "clck.ru", "lnkd.in", "fb.me", "m.me", "youtu.be", "aka.ms"),
        *("g.co", "amzn.to", "adf.ly", "shorte.st", "ouo.io", "linktr.ee", "qrco.de", "me-qr.com"),
        *("by.com.vn", "link.vn", "zalo.me", "shorten.asia", "shope.ee", "vn.link", "u.nu"),
        *("dub.sh", "short.io", "shorturl.com", "trib.al", "urlz.fr", "x.gd", "tny.im", "1url.cz"),
        *("bom.so", "s.net.vn", "byvn.net", "rutgon.me", "tiny.one", "goo.su", "hoo.gl"),
        *("zaloapp.com", "l.facebook.com", "q.r.to"),
    )
)
"""Hosts that lead elsewhere, and do not show where."""

_ANYBODYS = frozenset(
    (
        *("drive.google.com", "docs.google.com", "mediafire.com", "mega.nz", "fshare.vn"),
        *("dropbox.com", "wetransfer.com", "4shared.com", "t.me", "telegram.me", "discord.com"),
        *("cdn.discordapp.com", "raw.githubusercontent.com", "pastebin.com", "onedrive.live.com"),
        *("1drv.ms", "facebook.com", "zippyshare.com", "gofile.io", "anonfiles.com"),
        *("sites.google.com", "googleapis.com", "googleusercontent.com", "amazonaws.com"),
        *("github.io", "githubusercontent.com", "gitlab.io", "blogspot.com", "wordpress.com"),
        *("pages.dev", "workers.dev", "r2.dev", "web.app", "firebaseapp.com", "vercel.app"),
        *("netlify.app", "herokuapp.com", "onrender.com", "glitch.me", "weebly.com", "wixsite.com"),
        *("windows.net", "azurewebsites.net", "cloudfront.net", "backblazeb2.com"),
        *("sharepoint.com", "notion.site", "ngrok.io", "ngrok-free.app", "trycloudflare.com"),
    )
)
"""Hosts where everybody may put files: what lies there is not its maker's."""

_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def flaw_of(address: str, *, with_port: bool = False) -> str:
    """Return why `address` may not be named, "" when it may; `with_port` at any port."""
    if not address.isascii() or not address.isprintable() or " " in address:
        return _("The address contains invalid characters.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return _("This is not a valid address.")
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https":
        return _("The address must begin with https://.")
    if "@" in parts.netloc or _is_number(host) or not (with_port or port in (None, 443)):
        return _("Use a host name, without user, IP address or port.")
    if any(
        "//" in text for pair in parse_qsl(parts.query, keep_blank_values=True) for text in pair
    ):
        return _("The address redirects to another one. Enter that page itself.")
    return flaw_of_host(host)


def flaw_of_host(host: str) -> str:
    """Return why the lower-case `host` may not be named, "" when it may."""
    if not _HOST.fullmatch(host) or host.startswith("xn--") or ".xn--" in host:
        return _("The host name is invalid, or contains look-alike letters.")
    if lists.suffix_section(host) == "icann":
        return _("This is a public suffix; it belongs to no single owner.")
    if _is_of(host, _SHORT):
        return _("A short link hides its target. Enter the page itself.")
    if _is_of(host, _ANYBODYS) or _is_below_a_private_suffix(host):
        return _("Anyone can publish on this host. Enter a page on its owner's own host.")
    return ""


def _is_of(host: str, hosts: frozenset[str]) -> bool:
    parts = host.split(".")
    return any(".".join(parts[place:]) in hosts for place in range(len(parts)))


def _is_below_a_private_suffix(host: str) -> bool:
    parts = host.split(".")
    above = (".".join(parts[place:]) for place in range(len(parts)))
    return any(lists.suffix_section(one) == "private" for one in above)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def tools_of(campaign: Campaign) -> QuerySet[PublicTool]:
    """Return all entries of a campaign, the newest first."""
    rows = PublicTool.objects.filter(campaign=campaign)
    return rows.select_related("drafted_by", "published_by").order_by("-pk")


def older(campaign: Campaign, number: str) -> PublicTool | None:
    """Return the published entry of which a new version is written. Errors: Http404."""
    if not number:
        return None
    rows = PublicTool.objects.filter(campaign=campaign, state=ToolState.PUBLISHED)
    return get_or_404(rows.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0))


def key() -> bytes:
    """Return the public key of the catalogue. Errors: Http404 before the first was written."""
    if not has_key():
        raise Http404
    return public_key()
