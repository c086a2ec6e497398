"""Pages of what is read and written: log formats, lists, outputs."""

from collections.abc import Iterable
from typing import Protocol

from quetsach.blocklists.contract import Output
from quetsach.indicators.model import IndicatorKind
from tools.pages.markdown import page, table
from tools.scoreboard import page as scoreboard_page


class Named(Protocol):
    """The three texts that a format is described by; all of a Format that a page needs."""

    name: str
    title: str
    reads: str


class NamedKind(Protocol):
    """The three texts that a decoder is described by; all of a Decoder that a page needs."""

    kind: str
    title: str
    reads: str


def formats_page(
    formats: Iterable[Named], decoders: Iterable[NamedKind], scores: str | None = None
) -> str:
    """Return the page of the log formats, in the order in which they are tried.

    `scores` is the text of the scoreboard's table.
    """
    rows = [(f"`{one.name}`", one.title, one.reads) for one in formats]
    kinds = [(f"`{decoder.kind}`", decoder.title, decoder.reads) for decoder in decoders]
    return page(
        "Log formats",
        "A file's format is told by its first 64 KiB, never by its name; the first format of this "
        "list that recognises it reads it. How to add one: "
        "[CONTRIBUTING.md](../CONTRIBUTING.md).",
        table(("name", "format", "what is read"), rows),
        "## Packed and binary evidence",
        "These are turned into JSON lines first, each file in a process of its own that is shut "
        "in: no network, no other file, bounded memory and time. The lines are then read by the "
        "formats above. A file keeps its name and its digest; `quetsach why` renders it anew. What "
        "is not read of it is a coded problem with its figure.",
        table(("kind", "evidence", "what is read"), kinds),
        *([] if scores is None else _scores(scores)),
    )


def _scores(scores: str) -> list[str]:
    """Return the section of the scoreboard."""
    figures = table(scoreboard_page.HEAD, scoreboard_page.rows(scores))
    return ["## Held against other readers", scoreboard_page.words(scores), figures]


def lists_page(forms: Iterable[Named]) -> str:
    """Return the page of the forms of lists, in the order in which they are tried."""
    rows = [(f"`{one.name}`", one.title, one.reads) for one in forms]
    return page(
        "Formats of lists",
        "A list's format is recognised by its content; the first format in this table that "
        "recognises it reads it. Each row is accepted, or refused with its reason: `quetsach "
        "indicators check LIST` shows which. A saved column map (`quetsach indicators columns`) "
        "is tried before all others.",
        "A list of a million rows is read once: `quetsach indicators compile LIST... -o FILE` "
        "writes what a sweep needs of it as one file, which is given with `-i` like a list and "
        "mapped into memory. It stands for its lists: the same findings, whose manifest names the "
        "file (`compiled_lists`) beside the lists that it was made of. It is for the same version "
        "and kind of machine; damaged, cut or of another version it is refused (E271, E272), and "
        "so it is where `--zone`, `--inside` or `--accept-private` of the run would take other "
        "rows (E273). Keep the lists; a compiled file is no release.",
        "Without that, `sweep` keeps what it read of lists of 256 KiB and more in "
        "`$XDG_CACHE_HOME/quetsach/lists` (`~/.cache`), a folder that nobody else may open, by the "
        "digests of the files, the options and the program; 1 GiB in all, what was used longest "
        "ago goes first. What is damaged there is made again (`list_cache` of `sweep --json` says "
        "`stored`, `mapped`, `rebuilt` or `none`). `--no-cache` keeps nothing, as for a list that "
        "must not be left on a machine (TLP:RED).",
        table(("name", "format", "what is read"), rows),
    )


def outputs_page(outputs: Iterable[Output]) -> str:
    """Return the page of the forms that indicators are written in."""
    outputs = list(outputs)
    devices = [one for one in outputs if not one.exchange]
    rows = [
        (
            f"`{one.name}`",
            one.title,
            ", ".join(one.covers),
            _covered(one),
            "yes" if one.ports else "",
            ", ".join(one.modes),
        )
        for one in devices
    ]
    facts = ("name", "format", "kinds", "a name covers", "ports", "modes")
    ways = [(f"`{one.name}`", one.use, one.undo_by, one.limits) for one in outputs]
    exchange = [(f"`{one.name}`", one.title) for one in outputs if one.exchange]
    return page(
        "Outputs",
        "What `quetsach indicators convert --to NAME` writes. Indicators that a format does not "
        "support are left out and listed with the reason, on the screen and in `left-out.json`. "
        "Nothing is blocked unless `--mode block` is given. A name that covers only itself does so "
        "in every format that can block it.",
        f"## Formats for devices\n\n{table(facts, rows)}",
        f"## Formats for people and other programs\n\n{table(('name', 'format'), exchange)}",
        "## How to use and undo each\n\n`%(file)s` stands for the file.\n\n"
        + table(("name", "use", "undo", "limits"), ways),
        _NEVER_BLOCK_TEXT,
    )


def _covered(output: Output) -> str:
    if IndicatorKind.NAME not in output.covers:
        return ""
    return "itself and all below" if output.below else "itself and `www.`"


_NEVER_BLOCK_TEXT = """\
## What is never written for a device

- Private and special ranges (unless `--accept-private`), and well-known resolvers.
- The never-block list, your `--belt` files, one entry a line: a name with all its subdomains, an
  address, a network, a range `a-b`. An indicator above such a name, or a network around such an
  address, is left out too. If one line cannot be read, the whole list is refused.
- An indicator on an allow-list (`--allow`), and a name under `gov.vn` or `chinhphu.vn`, unless a
  person includes it with `--take`.
- Indicators that were withdrawn, have expired, or are not yet valid.

The written text is checked once more; if it would block an entry of the never-block list, nothing
is written.

## How to prove that a file works

Each release for a device contains a test name (`block-test-....quetsach.example`) and a test
address of the range for documentation, treated like every listed entry. Some formats also answer a
second name with that address, which shows that the file is loaded. As neither exists in reality, a
full proof of a block needs `--test-name` or `--test-address`: a name or address of your own that
answers until the file is loaded."""
