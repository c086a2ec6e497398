"""`quetsach verify-tool`: is this file a trusted tool of the campaign?"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.tools import CatalogueRenewal, ToolCheck

MOST_SHOWN = 5


@click.command(
    "verify-tool",
    help=_(
        "Compare FILE, a cleaning tool that was downloaded or received, with the campaign's "
        "catalogue of trusted tools. --key names the public key of the office that signed the "
        "catalogue. The network is used only with --newest-from, and FILE is never run.\n\nExit: "
        "0 it is a tool of a proven catalogue, 2 it is not in the catalogue or was withdrawn, 3 "
        "the catalogue is not proven or has expired.\n\nExample: quetsach verify-tool "
        "scanner.exe --catalogue tools.json --key so-khcn.pub.pem"
    ),
)
@click.argument("file", metavar="FILE", type=shared.FILE)
@click.option(
    "--catalogue",
    required=True,
    type=shared.FILE,
    help=_("Catalogue of tools, with its .sig file beside it."),
)
@shared.trusted_keys
@click.option(
    "--newest-from",
    "page",
    default="",
    metavar="ADDRESS",
    help=_(
        "The campaign's public page, such as https://quetsach.example: fetch its newest "
        "catalogue first, and replace CATALOGUE with it if the key proves it."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(file: Path, catalogue: Path, keys: tuple[Path, ...], page: str, as_json: bool) -> int:
    """Print what the file is; the exit code says it too."""
    from quetsach.api import tools

    renewal = tools.renew_catalogue(catalogue, page, keys=keys) if page else None
    check = tools.verify_tool(file, catalogue, keys=keys)
    if as_json:
        asked = None if renewal is None else renewal.state.value
        click.echo(plain_json({**_json(check), "asked": asked}))
    else:
        asking = [] if renewal is None else [_asked(renewal)]
        click.echo("\n".join(map(plain, [*asking, *_text(check)])))
    return check.exit_code


def _json(checked: "ToolCheck") -> dict[str, object]:
    verdict = checked.catalogue.verdict
    return {
        "exit_code": checked.exit_code,
        "sha256": checked.sha256,
        "tool": msgspec.to_builtins(checked.found.tool),
        "is_withdrawn": checked.found.is_withdrawn,
        "named": msgspec.to_builtins(checked.found.named),
        "catalogue": None if verdict is None else msgspec.to_builtins(verdict),
        "serial": checked.content.serial,
        "made_at": checked.content.made_at,
        "valid_until": checked.content.valid_until,
        "is_over": checked.is_over,
        "age_days": checked.age_days,
        "is_old": checked.is_old,
    }


def _text(checked: "ToolCheck") -> Iterator[str]:
    tool = checked.found.tool
    if tool is not None:
        facts = {"name": tool.name, "version": tool.version, "maker": tool.maker}
        yield _("The file is %(name)s %(version)s by %(maker)s.") % facts
    elif checked.found.is_withdrawn:
        yield _("The file was WITHDRAWN from the catalogue: do not run it.")
    else:
        yield _("The file is NOT in the catalogue: do not run it.")
    if tool is None:
        for one in checked.found.named[:MOST_SHOWN]:
            facts = {"name": one.name, "version": one.version, "address": one.address}
            yield "  " + (
                _("%(name)s %(version)s has another digest; fetch it from %(address)s") % facts
            )
    yield f"SHA-256: {checked.sha256}"
    verdict = checked.catalogue.verdict
    yield {
        "trusted": _("The catalogue is signed by a key that you trust."),
        "unknown-key": _("The catalogue is signed by a key that you have not marked as trusted."),
        "altered": _("The catalogue was ALTERED after it was signed: it proves nothing."),
        "unsigned": _("The catalogue is not signed: anybody may have made it."),
    }["unsigned" if verdict is None else verdict.state]
    content = checked.content
    dates = {"serial": content.serial, "made": content.made_at, "until": content.valid_until}
    yield _("Catalogue number %(serial)s, made %(made)s, valid until %(until)s.") % dates
    if checked.is_over:
        yield _(
            "The catalogue has EXPIRED: a newer one may have withdrawn this file. Fetch it from "
            "the campaign's page."
        )
    elif checked.is_old:
        yield _(
            "The catalogue was signed %(days)s days ago, and a newer one is made each week: it may "
            "have withdrawn this file. Fetch it from the campaign's page, or use --newest-from."
        ) % {"days": checked.age_days}


def _asked(renewal: "CatalogueRenewal") -> str:
    """Return what came of asking for the newest catalogue."""
    sentences = {
        "newer": _("A newer catalogue was fetched and kept."),
        "same": _("The page has no newer catalogue."),
        "not-proven": _(
            "The page's catalogue is not signed by a key that you trust, or has expired: it was "
            "not kept. The result below uses your own catalogue."
        ),
        "unreached": _(
            "The page could not be reached; the result below uses your own catalogue: %s"
        )
        % renewal.why,
    }
    return sentences[renewal.state.value]
