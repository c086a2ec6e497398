"""tools.json: the published tools, signed by the portal's own key, as `verify-tool` reads it."""

import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quetsach.api import problems, signing, verifying
from quetsach.api import tools as api_tools
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.publishing.folder import CannotWrite, page_to_write, write_file
from quetsach_portal.publishing.models import PublicTool, ToolState

TOOLS_LABEL = _lazy("Catalogue of tools")
TOOLS_FILE, SIGNATURE, KEY = "tools.json", "tools.json.sig", "tools.pub.pem"
HOLDS = timedelta(days=30)
"""How long a catalogue's word holds, counted from the Monday of its week."""
_NAME = "public-tools"


def write_tools_file(folder: Path) -> str:
    """Write the catalogue with its signature and the public key, where it changed.

    Errors: CannotWrite where it cannot be signed.
    """
    page = page_to_write()
    tools = list(published(page))
    catalogue = catalogue_of(page, tools)
    text = ngettext("%(count)s tool", "%(count)s tools", len(tools)) % {"count": len(tools)}
    key = _key(page.office)
    if _is_there(folder, catalogue, key):
        return text
    try:
        signature = _signature(catalogue, key)
    except problems.QuetsachError as error:
        message = _("The catalogue could not be signed: %(why)s") % {"why": error}
        raise CannotWrite(message) from error
    write_file(folder / KEY, public_key())
    write_file(folder / SIGNATURE, signature)
    write_file(folder / TOOLS_FILE, catalogue)
    return text


def published(page: PublicPage) -> list[PublicTool]:
    """Return the tools of the catalogue in the order of their names."""
    rows = PublicTool.objects.filter(campaign=page.campaign, state=ToolState.PUBLISHED)
    return list(rows.order_by("name", "version", "pk"))


def catalogue_of(page: PublicPage, tools: list[PublicTool]) -> bytes:
    """Return the catalogue; the same tools give the same bytes for a week.

    Its serial counts what was ever published, replaced or withdrawn, so it never falls.
    """
    ever = PublicTool.objects.filter(campaign=page.campaign, published_at__isnull=False)
    acts = [when for row in ever.values_list("published_at", "ended_at") for when in row if when]
    gone = set(ever.filter(state=ToolState.WITHDRAWN).values_list("sha256", flat=True))
    made_at = max(acts, default=page.changed_at)
    return api_tools.catalogue_json(
        api_tools.Catalogue(
            format="quetsach-tools/1",
            made_by=page.office,
            made_at=timezone.localtime(made_at).isoformat(timespec="seconds"),
            valid_until=_until().isoformat(timespec="seconds"),
            serial=len(acts),
            withdrawn=tuple(sorted(gone - {one.sha256 for one in tools})),
            tools=tuple(
                api_tools.TrustedTool(
                    name=one.name,
                    maker=one.maker,
                    version=one.version,
                    file=one.file,
                    sha256=one.sha256,
                    address=one.address,
                    purpose={name: text for name, text in one.purpose.items() if text},
                    platforms=tuple(one.platforms),
                    languages=tuple(one.languages),
                    offline=one.offline,
                )
                for one in tools
            ),
        )
    )


def _until() -> datetime:
    today = timezone.localdate()
    monday = datetime.combine(today - timedelta(days=today.weekday()), time())
    return timezone.make_aware(monday + HOLDS)


def public_key() -> bytes:
    """Return the public half of the key as PEM. Errors: FileNotFoundError before the first."""
    return (_keys() / f"{_NAME}.pub.pem").read_bytes()


def has_key() -> bool:
    """True when there is a key: from the first publishing on."""
    return (_keys() / f"{_NAME}.pub.pem").exists()


def _keys() -> Path:
    home: Path = settings.QUETSACH.home
    return home / "keys"


def _key(owner: str) -> Path:
    path = _keys() / f"{_NAME}.key.pem"
    if not path.exists():
        signing.new_key(_NAME, _keys(), owner=owner)
    return path


def _is_there(folder: Path, data: bytes, key: Path) -> bool:
    """True when this catalogue is there with a signature of our key."""
    try:
        if (folder / TOOLS_FILE).read_bytes() != data:
            return False
        found = verifying.verify(folder / TOOLS_FILE, keys=[key.with_name(f"{_NAME}.pub.pem")])
    except (OSError, problems.QuetsachError):
        return False
    return found.verdict is not None and found.verdict.state == "trusted"


def _signature(data: bytes, key: Path) -> bytes:
    with tempfile.TemporaryDirectory() as spare:
        path = Path(spare) / TOOLS_FILE
        path.write_bytes(data)
        return signing.sign(path, key=key).written.read_bytes()
