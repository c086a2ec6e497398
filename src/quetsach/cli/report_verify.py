"""`quetsach report verify`: what a report's proof bundle proves."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli.moments import shown_moment
from quetsach.errors import QuetsachError
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.forms.proving import Held, Verified

MOST_SHOWN = 20
_CODE = re.compile("[0-9a-fA-F]{16}")


@click.command(
    "verify",
    help=_(
        "Tell what the proof bundle FILE of a report proves: which versions fit, which are not in "
        "it, what was changed, and whether each total is what its parts make. --code holds it "
        "against the 16 hex digits on the paper, --key names the public keys that you trust. No "
        "network is used.\n\n"
        "Exit: 0 all fits, 1 something was changed or does not add up, 2 it cannot be read, 3 what "
        "is there fits, but a part is not there, or no key of --key has signed it.\n\n"
        "Example: quetsach report verify bao-cao.proof --code 0123456789abcdef"
    ),
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--code", metavar="HEX", help=_("The 16 hex digits on the paper."))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("Public key that you trust, or a folder of them; may be given several times."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(path: Path, code: str | None, keys: tuple[Path, ...], as_json: bool) -> int:
    """Print what is proven; the exit code says it too."""
    from quetsach.run.proof import verify_proof

    if code is not None and not _CODE.fullmatch("".join(code.split())):
        raise QuetsachError("E601", "--code", reason=_("a code has 16 digits, 0 to 9 and a to f"))
    found = verify_proof(path, keys=keys, code=code)
    if as_json:
        click.echo(plain_json(_json(found)))
    else:
        click.echo("\n".join(map(plain, _text(found))))
    return found.exit_code


def _json(found: "Verified") -> dict[str, Any]:
    from quetsach.forms.value_json import value_to_json

    root = found.root
    return {
        "exit_code": found.exit_code,
        "digest": found.digest,
        "code": found.code,
        "unit": None if root is None else root.unit,
        "phase": None if root is None else root.phase,
        "version": None if root is None else root.number,
        "totals": {}
        if root is None
        else {key: value_to_json(one.total) for key, one in root.figures.items()},
        "fits": sum(one.fit == "fits" for one in found.held),
        "missing": [_held_json(one) for one in found.missing],
        "changed": [_held_json(one) for one in found.changed],
        "recomputed": found.recomputed,
        "unchecked": found.unchecked,
        "faults": list(found.faults),
        "signature": found.seal.state,
        "signers": [
            {"key_id": one.key_id, "owner": one.owner, "signed": one.signed, "trusted": one.trusted}
            for one in found.seal.signers
        ],
    }


def _held_json(one: "Held") -> dict[str, Any]:
    return {"node": one.node, "unit": one.name, "version": one.version, "digest": one.digest}


def _text(found: "Verified") -> Iterator[str]:
    yield from _of_root(found)
    fits = sum(one.fit == "fits" for one in found.held)
    yield _("%(fits)s of %(all)s versions that it names are in it and fit.") % {
        "fits": fits,
        "all": len(found.held),
    }
    yield _("Figures added up again: %(done)s versions; not all parts at hand: %(open)s.") % {
        "done": found.recomputed,
        "open": found.unchecked,
    }
    yield from _listed(_("NOT IN IT:"), [_name(one) for one in found.missing])
    yield from _listed(_("CHANGED:"), [_name(one) for one in found.changed])
    yield from _listed(_("WRONG:"), list(found.faults))
    yield from _of_seal(found)
    yield {
        0: _("ALL FITS."),
        1: _("NOT GOOD: it was changed, or does not add up."),
        3: _("WHAT IS THERE FITS, but a part or a signature is not there."),
    }[found.exit_code]


def _of_root(found: "Verified") -> Iterator[str]:
    from quetsach.forms.numbers import shown_value
    from quetsach.texts import language

    root = found.root
    if root is not None:
        yield _("%(unit)s, phase %(phase)s, version %(number)s of %(when)s") % {
            "unit": root.unit,
            "phase": root.phase,
            "number": root.number,
            "when": shown_moment(root.created_at),
        }
    yield _("Code on the paper: %(code)s") % {"code": found.code}
    if root is not None and found.form is not None:
        for row in found.form.counts():
            if row.id in root.figures:
                shown = shown_value(root.figures[row.id].total)
                yield f"  {row.label.of(language())}: {shown}"


def _of_seal(found: "Verified") -> Iterator[str]:
    if not found.seal.signers:
        yield _("It is not signed: hold the code against the paper.")
    if found.lacks_signature:
        yield _("No key that you trust has signed it.")
    for one in found.seal.signers:
        facts = {"key": one.key_id, "owner": one.owner or "?", "when": one.signed}
        if one.trusted:
            yield _("key %(key)s (%(owner)s), signed at %(when)s") % facts
        else:
            yield (
                _(
                    "key %(key)s, signed at %(when)s; compare this number with the one its owner "
                    "tells you"
                )
                % facts
            )


def _name(one: "Held") -> str:
    return _("%(unit)s, version %(number)s (%(code)s)") % {
        "unit": one.name,
        "number": one.version,
        "code": one.digest[:16],
    }


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield title
    yield from (f"  {line}" for line in lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        yield "  " + _("... and %(count)s more") % {"count": len(lines) - MOST_SHOWN}
