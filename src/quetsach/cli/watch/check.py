"""`quetsach watch check`: whether a watch could do its work, before it is started."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli.watch import config, group
from quetsach.html_report.words import number, size
from quetsach.lean_arrow import load_arrow
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.watches import WatchCheck


@click.command(
    "check",
    help=_(
        "Look before the start whether a watch can do its work: rights to the files, ports and "
        "certificates, room on the disk, the list, the speed; and send 20 made lines through the "
        "whole path. Give it the logs, lists, addresses and portal that you will give `run`.\n\n"
        "Exit: 0 all is well, 2 something is not."
    ),
)
@group.sources
@config.option
@group.portal
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(**options: Any) -> int:
    """Print each thing that was looked at; 2 where one is not well."""
    load_arrow(remote=False)
    from quetsach.api import watches
    from quetsach.scratch_folders import scratch_folder

    watches.check_followed(options["paths"])
    listen = group.listening_of(options)
    portal = group.portal_of(options)
    with scratch_folder() as folder:
        if portal is not None and not options["lists"]:
            options["lists"] = watches.first_list(folder, portal)
        request = group.request_of(options)
        checks = list(watches.check_watch(request, group.state_or_usual(options["state"]), listen))
    if options["as_json"]:
        click.echo(plain_json([asdict(check) for check in checks]))
    else:
        for check in checks:
            colour = None if check.is_well else "yellow"
            click.secho(check_line(check), fg=colour, color=group.wants_colour())
    return 0 if all(check.is_well or check.what in _ADVICE for check in checks) else 2


_ADVICE = ("speed", "buffer")
"""What could be better, and keeps no watch from its work."""


def check_line(check: "WatchCheck") -> str:
    """Return one thing in words."""
    shown = check.found
    if shown.isdigit():
        is_size = check.what in ("disk", "buffer")
        shown = size(int(shown)) if is_size else number(int(shown))
    sign = "✓" if check.is_well else "!"
    return plain(f"{sign} {_words().get(check.what, check.what)}: {_found(check.what, shown)}")


def _words() -> dict[str, str]:
    return {
        "files": _("files that can be followed"),
        "listener": _("can be received at"),
        "buffer": _("kept by the system until it is taken"),
        "state": _("memory of the watch"),
        "disk": _("free on its disk"),
        "list": _("indicators"),
        "speed": _("kernel"),
        "planted": _("made lines that were seen"),
    }


def _found(what: str, shown: str) -> str:
    if what == "buffer":
        return _("%(size)s; 8 MiB with sysctl -w net.core.rmem_max=8388608") % {"size": shown}
    if what != "speed":
        return shown
    if shown == "rust":
        return _("compiled: 20,000 lines a second and more")
    return _("pure Python: below 20,000 lines a second; see quetsach doctor")
