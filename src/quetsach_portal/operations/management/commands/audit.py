"""`quetsach manage audit verify`, `... export`, `... proof`: the trail held against its digests."""

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.audit.anchors import restorations
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break, json_lines
from quetsach_portal.operations.anchoring import acts_proof, faults_of_anchors
from quetsach_portal.web.acts import Refused


class Command(BaseCommand):
    """Verify or export the audit trail."""

    help = gettext_noop(
        "verify: check the chain against its digests and its signed anchors. export: all rows as "
        "JSON lines. proof: that the acts of a report stand in the trail, as JSON for `quetsach "
        "report verify-acts`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        parser.add_argument("act", choices=["verify", "export", "proof"])
        parser.add_argument(
            "report", nargs="?", help=_("proof: the 16 digits that are printed on the report")
        )
        parser.add_argument(
            "--rows",
            action="store_true",
            help=_("proof: with the rows themselves, which name who acted"),
        )
        parser.add_argument(
            "--expect",
            metavar="SEQ:DIGEST",
            help=_("a head that verify printed earlier and somebody kept elsewhere"),
        )

        parser.add_argument(
            "--anchors",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help=_("anchors of this portal that somebody fetched earlier: /anchors.jsonl"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["act"] == "export":
            sys.stdout.writelines(json_lines(AuditEvent.objects.all()))
            return
        if options["act"] == "proof":
            self._prove(options["report"] or "", with_rows=options["rows"])
            return
        broken = first_break(_anchor(options["expect"]))
        if broken is not None:
            raise CommandError(f"row {broken.seq}: {broken.reason}", returncode=1)
        try:
            others = [path.read_bytes() for path in options["anchors"]]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error
        faults = [f"{fault.line}: {fault.reason}" for fault in faults_of_anchors(others)]
        if faults:
            raise CommandError("\n".join(faults), returncode=1)
        for restored in restorations():
            words = {"as_of": _moment(restored.as_of), "at": _moment(restored.at)}
            self.stdout.write(
                _("A backup as of %(as_of)s was restored at %(at)s: acts between are lost.") % words
            )
        told = _("%(rows)s rows; the chain is intact. Its head: %(seq)s:%(digest)s")
        last = AuditEvent.objects.order_by("-seq").first()
        self.stdout.write(
            told
            % {
                "rows": AuditEvent.objects.count(),
                "seq": 0 if last is None else last.seq,
                "digest": "-" if last is None else last.digest,
            }
        )

    def _prove(self, code: str, *, with_rows: bool) -> None:
        try:
            proof = acts_proof(code, with_rows=with_rows)
        except Refused as refused:
            raise CommandError(refused.told, returncode=1) from refused
        self.stdout.write(json.dumps(proof, ensure_ascii=False, indent=1))


def _anchor(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    seq, colon, digest = text.partition(":")
    if not (seq.isdecimal() and colon and len(digest) == 64):
        raise CommandError(_("--expect takes what verify printed, for example 265:0f3a…"))
    return int(seq), digest.lower()


def _moment(at: datetime) -> str:
    """Return a time in the portal's zone: two of them stand in one sentence."""
    return timezone.localtime(at).isoformat(timespec="seconds")
