"""Options that several commands share, each with one meaning and one help text."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

import click

from quetsach.cli.common_options import OfferedChoice as OfferedChoice
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain


class _QuietPath(click.Path):
    """A path that can be opened without waiting for somebody: no named pipe and no socket.

    What a shell hands over (`<(...)`, /dev/stdin) has a writer and is taken.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. Errors: E113 where to open it may wait for ever; BadParameter for -."""
        path = super().convert(value, param, ctx)
        if str(path) == "-" and not self.allow_dash:
            words = _("name a file or folder; standard input and output are not possible here")
            self.fail(words, param, ctx)
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116 - `-` and bytes are no Path
            waits = stat.S_ISSOCK(mode) or (
                stat.S_ISFIFO(mode) and os.path.lexists(os.path.realpath(path))
            )
        except (OSError, ValueError):
            # Who opens it tells better what is wrong with it.
            return path
        if waits:
            raise QuetsachError("E113", plain(os.fsdecode(path)))
        return path


class _InputPath(_QuietPath):
    """A file to read; `-` is standard input."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, that of a copy for `-`. Errors: E113, E104, E601."""
        if str(value) != "-" or ctx is None:
            return super().convert(value, param, ctx)
        from quetsach.cli import standard_files

        standard_files.take_standard_input(ctx, _name_of(param))
        path = standard_files.input_as_file(ctx)
        return path if self.type is Path else str(path)


class _OutputPath(_QuietPath):
    """A file to write; `-` is standard output."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, that of a file that is printed at the end for `-`."""
        if str(value) != "-" or ctx is None:
            return super().convert(value, param, ctx)
        from quetsach.cli.standard_files import output_as_file

        return output_as_file(ctx)


class _NamedEvidence(click.types.StringParamType):
    """Evidence as it was typed: a path that is there, a pattern, a storage's address, or `-`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return it as it is. Errors: E101 for a path that is not there."""
        argument = str(value)
        if argument == "-":
            from quetsach.cli import standard_files

            standard_files.take_standard_input(ctx, _name_of(param))
        elif not ("://" in argument or set("*?[") & set(argument) or os.path.lexists(argument)):
            raise QuetsachError("E101", plain(argument))
        return argument


def _name_of(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[0]
    return "-" if param is None else param.human_readable_name


PATH = _QuietPath(path_type=Path)
PATH_OR_DASH = _QuietPath(path_type=Path, allow_dash=True)
INPUT = _InputPath(path_type=Path, allow_dash=True)
OUTPUT = _OutputPath(path_type=Path, allow_dash=True)
EVIDENCE = _NamedEvidence()
TEXT = _QuietPath()
TEXT_INPUT = _InputPath(allow_dash=True)
FILE = _QuietPath(path_type=Path, dir_okay=False)

accept_private = click.option(
    "--accept-private",
    is_flag=True,
    help=_("Accept indicators in private ranges (laboratories, segmented networks)."),
)
columns = click.option(
    "--columns",
    multiple=True,
    type=PATH,
    help=_(
        "Saved column map of a sender's list (see `indicators columns`) or, in a sweep, of a table "
        "of evidence (see docs/captures.md); or a folder of them."
    ),
)
decisions = click.option(
    "--decisions",
    type=PATH,
    help=_("File of decisions on indicators; see quetsach indicators decide."),
)
accept_doubtful = click.option(
    "--accept-doubtful",
    metavar="REASON",
    help=_(
        "Take indicators at their word that are in general use (resolvers, well-known sites), and "
        "say why; the reason is kept with the findings. Without it a contact with one names no "
        "device to be handled: a person must decide, see quetsach indicators decide."
    ),
)
own_networks = click.option(
    "--inside",
    multiple=True,
    metavar="CIDR",
    help=_("Own network: an indicator in it is refused. May be given several times."),
)
audience = click.option(
    "--for",
    "audience",
    type=click.Choice(["organisation", "clients", "community", "public"]),
    help=_(
        "Who gets it: what its TLP marking does not allow them is left out and counted. The own "
        "organisation for a device, its clients as well for an exchange, if not given."
    ),
)
zone = click.option(
    "--zone",
    help=_(
        "Time zone of logs without one, and of the times shown. If not given, Asia/Ho_Chi_Minh is "
        "assumed, and no device is certain by a time without a zone."
    ),
)
sources = click.option(
    "--sources",
    type=PATH,
    metavar="TOML",
    help=_("File that declares zone, clock, year and own networks of single logs: docs/time.md."),
)
inside = click.option(
    "--inside",
    multiple=True,
    metavar="CIDR",
    help=_("Own network; the private ranges if not given. May be given several times."),
)
leases = click.option(
    "--leases",
    multiple=True,
    type=EVIDENCE,
    metavar="F",
    help=_(
        "Lease files or neighbour tables, or folders of them: which machine held which address."
    ),
)
nat = click.option(
    "--nat",
    multiple=True,
    type=EVIDENCE,
    metavar="F",
    help=_("Logs of address translation: conntrack, natlog, firewall; or a table of port blocks."),
)
inventory = click.option(
    "--inventory",
    multiple=True,
    type=PATH,
    help=_("Table of your machines (XLSX, ODS, CSV): name, hardware address, room, desk ..."),
)
plan = click.option(
    "--plan",
    multiple=True,
    type=PATH,
    help=_("Network plan (XLSX, ODS, CSV): subnet, unit, room; name servers, proxies, gateways."),
)
public = click.option(
    "--public",
    multiple=True,
    metavar="CIDR",
    help=_("Own public address, as seen from outside. May be given several times."),
)
overrides = click.option(
    "--overrides",
    type=PATH,
    help=_("File of corrections by a person: which device it was, with the reason."),
)
exam = click.option(
    "--exam",
    type=PATH,
    help=_("Result of an exam (result.json): how often the names were right; see docs/exam.md."),
)
passphrase_file = click.option(
    "--passphrase-file",
    type=PATH,
    help=_("File whose first line is the key's passphrase; without it you are asked."),
)
trusted_keys = click.option(
    "--key",
    "keys",
    multiple=True,
    type=PATH,
    help=_("Public key that you trust, or a folder of them; may be given several times."),
)


def own_tables(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is known of the own network."""
    for option in (overrides, public, plan, inventory, nat, leases):
        command = option(command)
    return command


# A moment as people in Vietnam read it, with its distance from UTC.

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def format_moment(moment: datetime) -> str:
    """Return an aware `moment` on the clock of Vietnam: 23:59:59 28/09/2022 (+07:00)."""
    return moment.astimezone(_HERE).strftime("%H:%M:%S %d/%m/%Y (+07:00)")


def aware_moment(option: str, text: str) -> datetime:
    """Return the time that `text` writes with its offset. Errors: E601 for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", option, reason=text) from error
    if moment.tzinfo is None:
        raise QuetsachError("E601", option, reason=text)
    return moment


MOST_BYTES = 1024


def passphrase_for(key: Path, file: Path | None) -> bytes | None:
    """Return the passphrase of the private key at `key`, or None if it has none.

    Errors: E231 when there is nobody to ask; E237 when a file cannot be read.
    """
    from quetsach.api.signing import needs_passphrase

    if not needs_passphrase(key):
        return None
    if file is not None:
        return from_file(file)
    return _ask(key, confirm=False)


def new_passphrase(key: Path, file: Path | None, *, ask: bool) -> bytes | None:
    """Return the passphrase for a new key, or None if none is wanted."""
    if file is not None:
        return from_file(file)
    return _ask(key, confirm=True) if ask else None


def from_file(file: Path) -> bytes:
    """Return the first line of a secret. Errors: E231 when it is empty; E237, E625, E626."""
    from quetsach.file_owners import refuse_open_secret

    try:
        with file.open("rb") as opened:
            refuse_open_secret(file, os.fstat(opened.fileno()))
            line = opened.readline(MOST_BYTES).rstrip(b"\r\n")
    except OSError as error:
        raise QuetsachError("E237", str(file), reason=error.strerror or str(error)) from error
    if not line:
        raise QuetsachError("E231", str(file))
    return line


def _ask(key: Path, *, confirm: bool) -> bytes:
    if not sys.stdin.isatty():
        raise QuetsachError("E231", str(key))
    again: bool | str = _("The same again") if confirm else False
    typed: str = click.prompt(
        _("Passphrase of the key"), hide_input=True, confirmation_prompt=again, err=True
    )
    return typed.encode()


Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """Give the function to report progress to, or None where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(
        length=1,
        label=_("Reading"),
        file=sys.stderr,
        show_percent=True,
        item_show_func=lambda item: item or "",
    ) as bar:

        def report(done: int, total: int) -> None:
            bar.length, bar.finished = max(total, 1), False
            digits = 0 if total >= 1e7 else 1
            text = f"{done / 1e6:,.{digits}f} / {total / 1e6:,.{digits}f} MB"
            bar.update(done - bar.pos, text)

        yield report


def role_word(role: str) -> str:
    """Return what an address was in a sighting, in words."""
    words = {
        "client": _("it made the connection itself"),
        "resolver": _("a name server that forwards queries of others"),
        "proxy": _("a web proxy that forwards requests of others"),
        "gateway": _("a gateway with many machines behind it"),
        "target": _("it was reached from outside; it made no connection itself"),
        "outdated": _("its contact was outside the time for which the indicator is valid"),
        "allowed": _("matched only indicators that are also on allow-lists; a person must decide"),
    }
    return words.get(role, role)


def rule_word(rule: str) -> str:
    """Return the rule of a match in words."""
    words = {
        "exact": _("exactly the listed name or address"),
        "below": _("a name below the listed one"),
        "cidr": _("an address in the listed network"),
        "ip-port": _("the listed address on the listed port"),
        "url-prefix": _("under the listed web address"),
        "hash": _("the listed file"),
        "fingerprint": _("the listed fingerprint of TLS"),
    }
    return words.get(rule, rule)


def where_text(name: str, row: int | str, place: str) -> str:
    """Return the place in a list; the place in a document says more than a row."""
    facts = {"list": name, "row": row, "place": place}
    return (_("%(list)s, %(place)s") if place else _("%(list)s, row %(row)s")) % facts


def kind_word(kind: str) -> str:
    """Return what an indicator is, in words."""
    words = {
        "name": _("domain names"),
        "address": _("addresses"),
        "network": _("networks"),
        "url": _("web addresses"),
        "hash": _("file hashes"),
        "fingerprint": _("TLS fingerprints"),
    }
    return words.get(kind, kind)


def more(count: int, shown: int) -> Iterator[str]:
    """Yield how many rows beyond the `shown` ones there are, if any."""
    if count > shown:
        yield "  " + _("... and %(count)s more; --json prints all") % {"count": count - shown}


WIDTH = 80


def wrapped(text: str, indent: str = "") -> list[str]:
    """Return `text` on lines of at most 80 columns unless a word is longer; later lines go in."""
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
