"""`quetsach blocklist prove`: does this resolver block what its list says?"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.main import LazyGroup
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.blocklists import BlockProof, ResolverAnswer, ResolverProof

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "prove",
        "blocklist:prove_command",
        N_("Ask a resolver for the planted name, and say whether the block works."),
    ),
)

command = LazyGroup(
    lazy=COMMANDS,
    name="blocklist",
    help=_("Files that devices block with: made by quetsach indicators convert, proved here."),
)

_EXITS = {"blocked": 0, "redirected": 0, "not-blocked": 2, "not-loaded": 2}
"""All others cannot tell: 3."""


@click.command(
    "prove",
    help=_(
        "Ask the resolver at ADDRESS for a listed name, for one beside it and for the name that "
        "only a loaded list answers, and say whether the block works. Nothing else is sent.\n\n"
        "Exit: 0 it blocks, 2 it does not, 3 it cannot be told.\n\n"
        "Example: quetsach blocklist prove --resolver 10.0.0.53 --release rpz-folder"
    ),
)
@click.option(
    "--resolver",
    required=True,
    metavar="ADDRESS",
    help=_("Address of the resolver, with :PORT where it is not 53."),
)
@click.option(
    "--release",
    type=shared.PATH,
    metavar="DIR",
    help=_("Folder of the release that was loaded: it names what proves it."),
)
@click.option("--name", default="", help=_("A name of the list, where there is no folder."))
@click.option(
    "--key-file",
    type=shared.PATH,
    metavar="F",
    help=_("Key of quetsach planted: ask for what is planted today."),
)
@click.option(
    "--sinkhole",
    "sinkholes",
    multiple=True,
    metavar="ADDRESS",
    help=_("Address to which listed names are led here; may be given several times."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def prove_command(resolver: str, as_json: bool, **options: Any) -> int:
    """Print what the resolver said and what it proves; the exit code says it too."""
    from quetsach.api.blocklists import proof_names, prove_block

    names = proof_names(**options, day=datetime.now().astimezone().date())
    try:
        proof = prove_block(resolver, names)
    except ValueError as error:
        raise QuetsachError("E601", "--resolver", reason=resolver) from error
    if as_json:
        click.echo(plain_json(_json(proof)))
    else:
        answers = (one for one in (proof.listed, proof.beside, proof.loaded) if one is not None)
        lines = [f"{one.name}: {one.in_words}" for one in answers]
        click.echo("\n".join(map(plain, [*lines, _sentence(proof.verdict)])))
    return _EXITS.get(proof.verdict, 3)


def _sentence(verdict: "BlockProof") -> str:
    return {
        "blocked": _("The block works: the listed name is not answered, others are."),
        "redirected": _("The block works: the listed name is led to another address."),
        "not-blocked": _("NOT blocked: the listed name is answered. Devices can reach it."),
        "not-loaded": _(
            "NOT loaded: the resolver does not know the name that the list brings along. Load the "
            "file and reload the resolver."
        ),
        "cannot-tell": _(
            "It cannot be told: that there is no answer may be the block, or that the name does "
            "not exist. Give the folder of the release with --release."
        ),
        "no-answer": _("It cannot be told: the resolver did not answer."),
    }[verdict.value]


def _json(proof: "ResolverProof") -> dict[str, object]:
    def answer(one: "ResolverAnswer | None") -> dict[str, object] | None:
        if one is None:
            return None
        return {"name": one.name, "code": one.code, "addresses": list(one.addresses)}

    return {
        "verdict": proof.verdict.value,
        "listed": answer(proof.listed),
        "beside": answer(proof.beside),
        "loaded": answer(proof.loaded),
    }
