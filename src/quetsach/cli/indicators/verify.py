"""`quetsach indicators verify`: who signed it, and whether it is still what was signed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.run.verify import Paper, Verification
    from quetsach.signing.judge import Verdict

MOST_SHOWN = 20


@click.command(
    "verify",
    help=_(
        "Tell who signed FILE (a release, a findings folder, or a file with its FILE.sig) and "
        "whether it is still what was signed. --key names the public keys that you trust; a "
        "signature by any other key proves nothing. With --printed it is held against a sheet of "
        "paper: the 24 words (their first four letters are enough), the hex digits, or the text "
        "of the QR code, which can also be checked without FILE. No network is used.\n\n"
        "Exit: 0 proven, 2 altered, unsigned or not what the sheet says, 3 not proven.\n\n"
        "Example: quetsach indicators verify release.jsonl --key so-khcn.pub.pem"
    ),
)
@click.argument("path", metavar="[FILE|FINDINGS]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Public key that you trust, or a folder of them; may be given several times."),
)
@click.option("--printed", metavar="TEXT", help=_("What the sheet says: words, hex or QR text."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(path: Path | None, keys: tuple[Path, ...], printed: str | None, as_json: bool) -> int:
    """Print the verdict; the exit code says it too."""
    from quetsach import api

    if path is None and printed is None:
        raise click.UsageError(_("Give a FILE, or --printed TEXT, or both."))
    found = api.verify(path, keys=keys, printed=printed)
    if as_json:
        click.echo(plain_json(_json(found)))
    else:
        click.echo("\n".join(map(plain, _text(found))))
    return found.exit_code


def word_grid(digest: str, across: int = 4) -> Iterator[str]:
    """Yield the 24 words of a digest in numbered rows."""
    from quetsach.signing.printed import words_of

    cells = [f"{place:2}. {word:<8}" for place, word in enumerate(words_of(digest), 1)]
    for start in range(0, len(cells), across):
        yield "  " + "  ".join(cells[start : start + across]).rstrip()


def _json(found: "Verification") -> dict[str, object]:
    verdict = found.verdict
    return {
        "exit_code": found.exit_code,
        "verdict": None if verdict is None else msgspec.to_builtins(verdict),
        "paper": None if found.paper is None else _paper_json(found.paper),
    }


def _paper_json(paper: "Paper") -> dict[str, object]:
    return {
        "agrees": paper.agrees,
        "digest": paper.printed.digest,
        "kind": paper.printed.kind,
        "key_id": paper.printed.key_id or None,
        "signed": paper.printed.signed or None,
        "seal": paper.seal,
        "owner": paper.owner,
        "groups_unlike": list(paper.groups),
    }


def _text(found: "Verification") -> Iterator[str]:
    if found.verdict is not None:
        yield from _verdict(found.verdict)
    if found.paper is not None:
        yield from _paper(found.paper)
    yield {
        0: _("PROVEN."),
        2: _("NOT GOOD: do not use it, and ask the sender by another way."),
        3: _("NOT PROVEN."),
    }[found.exit_code]


def _verdict(verdict: "Verdict") -> Iterator[str]:
    yield {
        "trusted": _("The signature is valid, and by a key that you trust."),
        "unknown-key": _("The signature is valid, but by a key you have not said you trust."),
        "altered": _("ALTERED after it was signed, or damaged:"),
        "unsigned": _("It is not signed."),
    }[verdict.state]
    for fault in verdict.faults[:MOST_SHOWN]:
        yield f"  {fault}"
    yield from _more(len(verdict.faults))
    for one in verdict.signers:
        if verdict.state != "altered":
            yield "  " + _signer(one.key_id, one.owner, one.signed, trusted=one.trusted)
    if verdict.uncovered and verdict.signers:
        yield _("In the folder, but not covered by the signature:")
        for name in verdict.uncovered[:MOST_SHOWN]:
            yield f"  {name}"
        yield from _more(len(verdict.uncovered))
    yield _("Digest: %(digest)s") % {"digest": verdict.digest}


def _signer(key_id: str, owner: str, signed: str, *, trusted: bool) -> str:
    facts = {"key": key_id, "owner": owner or "?", "when": signed}
    if trusted:
        return _("key %(key)s (%(owner)s), signed at %(when)s") % facts
    return (
        _("key %(key)s, signed at %(when)s; compare this number with the one its owner tells you")
        % facts
    )


def _paper(paper: "Paper") -> Iterator[str]:
    if paper.agrees is True:
        yield _("It is what the sheet says, digit for digit.")
    elif paper.agrees is False:
        yield _("It is NOT what the sheet says.")
        if paper.groups and len(paper.groups) < 4:
            groups = ", ".join(map(str, paper.groups))
            yield "  " + _(
                "only these groups of four hex digits differ: %(groups)s; read them again"
            ) % {"groups": groups}
    else:
        yield _("The sheet was read without an error: it names the digest %(digest)s") % {
            "digest": paper.printed.digest
        }
    facts = {"key": paper.printed.key_id, "owner": paper.owner, "when": paper.printed.signed}
    said = {
        "none": "",
        "trusted": _("The QR code's signature is valid: key %(key)s (%(owner)s), at %(when)s")
        % facts,
        "unknown-key": _(
            "The QR code's signature is valid, but by a key you have not said you trust: %(key)s"
        )
        % facts,
        "no-key": _("The QR code's signature is by key %(key)s; give it with --key to check it")
        % facts,
        "wrong": _("The QR code's signature does NOT fit key %(key)s") % facts,
    }[paper.seal]
    if said:
        yield said
    if paper.agrees is None and paper.seal != "trusted":
        yield _("Give the file as well, to hold it against the sheet.")


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more") % {"count": count - MOST_SHOWN}
