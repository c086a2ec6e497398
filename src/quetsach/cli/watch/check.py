"""`quetsach watch check`: whether a watch could do its work, before it is started."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli.watch import group
from quetsach.html_report.words import number, size
from quetsach.lean_arrow import load_arrow
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.watches import WatchCheck


@click.command(
    "check",
    help=_(
        "Look before the start whether a watch can do its work: rights to the files, room on the "
        "disk, the list, the speed; and send 20 made lines through the whole path. Give it what "
        "you will give `run`.\n\nExit: 0 all is well, 2 something is not."
    ),
)
@group.sources
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(**options: Any) -> int:
    """Print each thing that was looked at; 2 where one is not well."""
    load_arrow(remote=False)
    from quetsach.api import watches

    watches.check_followed(options["paths"])
    request = group.request_of(options)
    checks = list(watches.check_watch(request, group.state_or_usual(options["state"])))
    if options["as_json"]:
        click.echo(plain_json([asdict(check) for check in checks]))
    else:
        for check in checks:
            colour = None if check.is_well else "yellow"
            click.secho(check_line(check), fg=colour, color=group.wants_colour())
    return 0 if all(check.is_well or check.what == "speed" for check in checks) else 2


def check_line(check: "WatchCheck") -> str:
    """Return one thing in words."""
    sign = "✓" if check.is_well else "!"
    found = check.found
    if found.isdigit():
        found = size(int(found)) if check.what == "disk" else number(int(found))
    return plain(f"{sign} {_words().get(check.what, check.what)}: {_found(check.what, found)}")


def _words() -> dict[str, str]:
    return {
        "files": _("files that can be followed"),
        "state": _("memory of the watch"),
        "disk": _("free on its disk"),
        "list": _("indicators"),
        "speed": _("kernel"),
        "planted": _("made lines that were seen"),
    }


def _found(what: str, found: str) -> str:
    if what != "speed":
        return found
    if found == "rust":
        return _("compiled: 20,000 lines a second and more")
    return _("pure Python: below 20,000 lines a second; see quetsach doctor")
