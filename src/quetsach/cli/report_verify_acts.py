"""`quetsach report verify-acts`: acts of a report in the trail that its portal has published."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.trails import ActsVerdict


@click.command(
    "verify-acts",
    help=_(
        "Verify the proof FILE that the acts of a report stand in the audit trail of its portal. "
        "--key is the public key of the office that runs the portal; --anchors is a copy of "
        "/anchors.jsonl of its public page, best fetched by yourself. No network is used.\n\n"
        "Exit: 0 all acts (without rows: their digests) stand in a published head, 1 one does not, "
        "or the head is not signed by that key, 2 it cannot be read, 3 without a copy in which "
        "that head stands, or where a row holds no code of a report.\n\n"
        "Example: quetsach report verify-acts acts.json --key office.pub.pem --anchors "
        "anchors.jsonl"
    ),
)
@click.argument("path", metavar="FILE", type=shared.INPUT)
@shared.trusted_keys
@click.option("--anchors", type=shared.PATH, help=_("Copy of /anchors.jsonl of the public page."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(path: Path, keys: tuple[Path, ...], anchors: Path | None, as_json: bool) -> int:
    """Print what is proved; the exit code says it too."""
    from quetsach.api.trails import check_acts

    verdict = check_acts(path, anchors=anchors, keys=keys)
    if as_json:
        click.echo(plain_json(_json(verdict)))
    else:
        click.echo("\n".join(map(plain, _text(verdict))))
    return verdict.exit_code


def _json(verdict: "ActsVerdict") -> dict[str, object]:
    return {
        "exit_code": verdict.exit_code,
        "code": verdict.code,
        "portal": verdict.portal,
        "at": verdict.at,
        "signed": verdict.is_signed,
        "published": verdict.is_published,
        "acts": [
            {
                "seq": act.seq,
                "digest": act.digest,
                "stands": act.is_there,
                "lacks_code": act.lacks_code,
                "row": dict(act.row),
            }
            for act in verdict.acts
        ],
    }


def _text(verdict: "ActsVerdict") -> Iterator[str]:
    words = {"code": verdict.code, "portal": verdict.portal, "at": verdict.at}
    yield _("Report %(code)s; head of the trail of %(portal)s, %(at)s") % words
    if not verdict.is_signed:
        yield _("The head is not signed by a key that you trust.")
    elif verdict.is_published:
        yield _("The head is signed, and stands in the copy of the published heads.")
    else:
        yield _("The head is signed; whether it was published is not known (--anchors).")
    for act in verdict.acts:
        stands = _("stands in the trail") if act.is_there else _("does NOT stand in the trail")
        facts = {"seq": act.seq, "digest": act.digest, "stands": stands}
        if not act.row:
            yield _("digest of row %(seq)s %(stands)s: %(digest)s") % facts
        else:
            yield _("act %(seq)s %(stands)s: %(digest)s") % facts
            yield f"    {act.row.get('action')} {act.row.get('at')} {act.row.get('actor')}"
        if act.lacks_code:
            yield "    " + _("the row holds no code: that it is of this report is not proved")
    if not verdict.has_rows:
        yield _(
            "Digests without rows prove that rows with these digests stand in the trail; not what "
            "was done, nor on which report."
        )
