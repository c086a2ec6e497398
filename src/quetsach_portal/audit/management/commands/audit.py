"""`quetsach manage audit verify`, `... audit export`: the trail held against its digests."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.forms.models import model_to_dict

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.verify import first_break


class Command(BaseCommand):
    """Verify or export the audit trail."""

    help = "verify: hold the chain against its digests. export: all rows as JSON lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        parser.add_argument("act", choices=["verify", "export"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["act"] == "export":
            self._export()
            return
        broken = first_break()
        if broken is not None:
            raise CommandError(f"row {broken.seq}: {broken.reason}", returncode=1)
        self.stdout.write(f"{AuditEvent.objects.count()} rows, the chain holds.")

    def _export(self) -> None:
        for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
            row = {**model_to_dict(event), "at": event.at.isoformat()}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
