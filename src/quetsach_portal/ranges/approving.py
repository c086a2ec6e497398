"""What was added to the public ranges counts once a second person, who saw it, approves it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.ranges.models import PrefixFile, PublicRange
from quetsach_portal.ranges.table import audit, standing
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_AT_ONCE = 200
"""So many rows are shown and approved in one act; the page then shows the next ones."""


@dataclass(frozen=True)
class WaitingRanges:
    """What others added and one person can approve now, in the order in which it was added.

    Shapes: `rows` are at most MOST_AT_ONCE; `own` counts what waits for somebody else, `later`
    the rows that are shown after these.
    """

    rows: Sequence[PublicRange] = ()
    files: Sequence[PrefixFile] = ()
    own: int = 0
    later: int = 0
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Bind an approval to what is shown of each row and file."""
        rows = [
            [row.pk, str(row), row.unit_id, str(row.since), str(row.until), row.shared, row.source]
            for row in self.rows
        ]
        files = [[file.pk, file.name, str(file.as_of), file.sha256] for file in self.files]
        text = json.dumps([rows, files], ensure_ascii=False)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest())

    def __len__(self) -> int:
        return len(self.rows) + len(self.files)


def waiting_for(office: OrgUnit, person: User) -> WaitingRanges:
    """Return what waits for a second person: what `person` can approve, and how much is own."""
    rows = standing(office).filter(approved_at__isnull=True)
    files = PrefixFile.objects.filter(office=office, approved_at__isnull=True)
    of_others = rows.exclude(added_by=person)
    own = rows.filter(added_by=person).count() + files.filter(added_by=person).count()
    return WaitingRanges(
        list(of_others.select_related("added_by").order_by("pk")[:MOST_AT_ONCE]),
        list(files.exclude(added_by=person).select_related("added_by").order_by("pk")),
        own,
        max(of_others.count() - MOST_AT_ONCE, 0),
    )


def approve_waiting(office: OrgUnit, shown: str, *, actor: User) -> int:
    """Let what others added count from now on; return how many rows and files.

    Shapes: `shown` is the digest of what the person saw, as `waiting_for` returns it.
    Errors: Refused where nothing waits but one's own rows, where it is no longer what was shown,
    and for two accounts of one hand.
    """
    with transaction.atomic():
        # Whoever changes one of them meanwhile waits for this act.
        waiting = PublicRange.objects.filter(office=office, approved_at__isnull=True)
        list(waiting.select_for_update(of=("self",)).values_list("pk"))
        waiting_files = PrefixFile.objects.filter(office=office, approved_at__isnull=True)
        list(waiting_files.select_for_update(of=("self",)).values_list("pk"))
        approvable = waiting_for(office, actor)
        if not approvable and approvable.own:
            raise Refused(_("Somebody else has to approve what you added."))
        if not approvable:
            return 0
        if approvable.digest != shown:
            raise Refused(
                _("The rows have changed since you were shown them: look at them once more.")
            )
        adders = {row.added_by_id for row in approvable.rows}
        for adder in sorted(adders | {file.added_by_id for file in approvable.files}):
            refuse_same_hand(adder, actor)
        _count_from_now(approvable.files, actor)
        PublicRange.objects.filter(pk__in=[row.pk for row in approvable.rows]).update(
            approved_by=actor, approved_at=timezone.now()
        )
        counts = {"rows": len(approvable.rows), "files": len(approvable.files)}
        audit("range.approved", office, actor, {**counts, "digest": shown})
    return len(approvable)


def _count_from_now(files: Sequence[PrefixFile], actor: User) -> None:
    """Let each file count in place of the one of its day that counted before."""
    for file in files:
        PrefixFile.objects.filter(
            office=file.office_id, as_of=file.as_of, approved_at__isnull=False
        ).delete()
        file.approved_by, file.approved_at = actor, timezone.now()
        file.save(update_fields=["approved_by", "approved_at"])
