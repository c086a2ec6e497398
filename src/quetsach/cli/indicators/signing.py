"""`quetsach indicators verify`: who signed it, and whether it is still what was signed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.verifying import SheetCheck, Verification
    from quetsach.signing.signature import SignatureVerdict


MOST_SHOWN = 20


@click.command(
    "verify",
    help=_(
        "Verify who signed FILE (a release, a findings folder, or a file with its FILE.sig) and "
        "whether it is unchanged. --key names the public keys that you trust; a signature by any "
        "other key proves nothing. With --printed it is compared with a printed sheet: the 24 "
        "words (their first four letters are enough), the hex digits, or the text of the QR "
        "code, which can also be checked without FILE. No network is used.\n\nExit: 0 proven, 2 "
        "altered, unsigned or different from the sheet, 3 not proven.\n\nExample: quetsach "
        "indicators verify release.jsonl --key so-khcn.pub.pem"
    ),
)
@click.argument("path", metavar="[FILE|FINDINGS]", required=False, type=shared.PATH)
@shared.trusted_keys
@click.option(
    "--printed", metavar="TEXT", help=_("Content of the sheet: words, hex digits or QR text.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def verify_command(
    path: Path | None, keys: tuple[Path, ...], printed: str | None, as_json: bool
) -> int:
    """Print the verdict; the exit code says it too."""
    from quetsach.api import verifying

    if path is None and printed is None:
        raise click.UsageError(_("Give a FILE, or --printed TEXT, or both."))
    verification = verifying.verify(path, keys=keys, printed=printed)
    if as_json:
        click.echo(plain_json(_json(verification)))
    else:
        click.echo("\n".join(map(plain, _text(verification))))
    return verification.exit_code


def word_grid(digest: str, across: int = 4) -> Iterator[str]:
    """Yield the 24 words of a digest in numbered rows."""
    from quetsach.signing.printed import words_of

    cells = [f"{place:2}. {word:<8}" for place, word in enumerate(words_of(digest), 1)]
    for start in range(0, len(cells), across):
        yield "  " + "  ".join(cells[start : start + across]).rstrip()


def _json(verification: "Verification") -> dict[str, object]:
    verdict = verification.verdict
    return {
        "exit_code": verification.exit_code,
        "verdict": None if verdict is None else msgspec.to_builtins(verdict),
        "paper": None if verification.paper is None else _paper_json(verification.paper),
    }


def _paper_json(paper: "SheetCheck") -> dict[str, object]:
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


def _text(verification: "Verification") -> Iterator[str]:
    if verification.verdict is not None:
        yield from _verdict(verification.verdict)
    if verification.paper is not None:
        yield from _paper(verification.paper)
    yield {
        0: _("PROVEN."),
        2: _("NOT VALID: do not use it, and ask the sender in another way."),
        3: _("NOT PROVEN."),
    }[verification.exit_code]


def _verdict(verdict: "SignatureVerdict") -> Iterator[str]:
    yield {
        "trusted": _("The signature is valid and by a key that you trust."),
        "unknown-key": _(
            "The signature is valid, but by a key that you have not marked as trusted."
        ),
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
        _(
            "key %(key)s, signed at %(when)s; compare this number with the one that its owner "
            "gives you"
        )
        % facts
    )


def _paper(paper: "SheetCheck") -> Iterator[str]:
    if paper.agrees is True:
        yield _("It matches the sheet digit for digit.")
    elif paper.agrees is False:
        yield _("It does NOT match the sheet.")
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
    seal_sentence = {
        "none": "",
        "trusted": _("The QR code's signature is valid: key %(key)s (%(owner)s), at %(when)s")
        % facts,
        "unknown-key": _(
            "The QR code's signature is valid, but by a key that you have not marked as trusted: "
            "%(key)s"
        )
        % facts,
        "no-key": _("The QR code's signature is by key %(key)s; give it with --key to check it")
        % facts,
        "wrong": _("The QR code's signature does NOT fit key %(key)s") % facts,
    }[paper.seal]
    if seal_sentence:
        yield seal_sentence
    if paper.agrees is None and paper.seal != "trusted":
        yield _("Give the file as well, to compare it with the sheet.")


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more") % {"count": count - MOST_SHOWN}


@click.command(
    "key",
    help=_(
        "Make a new pair of Ed25519 keys: NAME.key.pem signs and stays secret; NAME.pub.pem goes "
        "to everyone who verifies. Give the key's number in another way as well (telephone, "
        "signed letter), so that nobody can substitute another key.\n\nExample: quetsach "
        'indicators key so-khcn --owner "Sở KH&CN Vĩnh Long" --passphrase'
    ),
)
@click.argument("name")
@click.option(
    "-o",
    "--out",
    type=shared.PATH,
    help=_("Folder for the two files; the current one if not given."),
)
@click.option("--owner", default="", help=_("Owner of the key; written into the files."))
@click.option(
    "--passphrase", is_flag=True, help=_("Encrypt the private key with a passphrase that you type.")
)
@click.option(
    "--passphrase-file", type=shared.PATH, help=_("File whose first line is the passphrase.")
)
def key_command(
    name: str, out: Path | None, owner: str, passphrase: bool, passphrase_file: Path | None
) -> int:
    """Write the pair and say where it is."""
    from quetsach.api import signing
    from quetsach.cli.terminal import new_passphrase

    lock = new_passphrase(Path(name), passphrase_file, ask=passphrase)
    pair = signing.new_key(name, out if out is not None else Path(), owner=owner, passphrase=lock)
    facts = {"private": pair.private, "public": pair.public, "key": pair.key_id}
    click.echo(plain(_("Private key, keep it secret: %(private)s") % facts))
    click.echo(plain(_("Public key, give it to everyone: %(public)s") % facts))
    click.echo(_("Number of the key: %(key)s") % facts)
    if lock is None:
        click.echo(
            _("The private key is not encrypted: anybody who gets the file can sign with it."),
            err=True,
        )
    return 0


@click.command(
    "sheet",
    help=_(
        "Write one A4 page (PDF) for a signed FILE: its digest as 24 words, as hex digits and as "
        "a QR code with the signature, and how to check them. Send it with the official letter: "
        "with the paper, anybody can verify the file without any network.\n\nExample: quetsach "
        "indicators sheet release.jsonl -o release.pdf"
    ),
)
@click.argument("path", metavar="FILE|FINDINGS", type=shared.PATH)
@click.option(
    "-o", "--out", type=shared.OUTPUT, help=_("PDF to write; FILE.sheet.pdf if not given.")
)
@click.option("--key-id", metavar="NUMBER", help=_("Number of the key, where several keys signed."))
def sheet_command(path: Path, out: Path | None, key_id: str | None) -> int:
    """Write the page and say where it is."""
    from quetsach.api import sheets

    click.echo(plain(str(sheets.sheet(path, out=out, key_id=key_id))))
    return 0


@click.command(
    "sign",
    help=_(
        "Sign FILE with a private key. The signature becomes the last line of a release "
        "(quetsach-release/1); in a findings folder it is written to manifest.json, which covers "
        "every file of the folder; for any other file it is written to FILE.sig. Several keys "
        "may sign the same file. The digest is printed as 24 words that can be checked without "
        "any network.\n\nExample: quetsach indicators sign release.jsonl --key so-khcn.key.pem"
    ),
)
@click.argument("path", metavar="FILE|FINDINGS", type=shared.PATH)
@click.option(
    "--key",
    required=True,
    type=shared.PATH,
    help=_("Private key in PEM form: quetsach indicators key makes one."),
)
@shared.passphrase_file
@click.option(
    "--at", metavar="T", help=_("Time of the signature (ISO 8601 with offset); now if not given.")
)
def sign_command(path: Path, key: Path, passphrase_file: Path | None, at: str | None) -> int:
    """Sign, and print where the signature is, the number of the key and the words."""
    from quetsach.api import signing
    from quetsach.cli.terminal import passphrase_for

    when = None if at is None else shared.aware_moment("--at", at)
    done = signing.sign(path, key=key, passphrase=passphrase_for(key, passphrase_file), when=when)
    facts = {"path": done.written, "key": done.signature.key_id, "when": done.signature.signed}
    click.echo(plain(_("Signed by key %(key)s at %(when)s: %(path)s") % facts))
    click.echo(_("Digest: %(digest)s") % {"digest": done.signature.digest})
    click.echo(_("The digest as 24 words:"))
    click.echo("\n".join(word_grid(done.signature.digest)))
    click.echo(_("For paper: quetsach indicators sheet %(path)s") % {"path": plain(str(path))})
    return 0
