"""`quetsach manage audit verify`, `... audit export`: the trail held against its digests."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break, json_lines


class Command(BaseCommand):
    """Verify or export the audit trail."""

    help = gettext_noop(
        "verify: check the chain against its digests. export: all rows as JSON lines."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        parser.add_argument("act", choices=["verify", "export"])
        parser.add_argument(
            "--expect",
            metavar="SEQ:DIGEST",
            help="a head that verify printed earlier and somebody kept elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["act"] == "export":
            sys.stdout.writelines(json_lines(AuditEvent.objects.all()))
            return
        broken = first_break(_anchor(options["expect"]))
        if broken is not None:
            raise CommandError(f"row {broken.seq}: {broken.reason}", returncode=1)
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


def _anchor(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    seq, colon, digest = text.partition(":")
    if not (seq.isdecimal() and colon and len(digest) == 64):
        raise CommandError(_("--expect takes what verify printed, for example 265:0f3a…"))
    return int(seq), digest.lower()
