"""How long the great acts of the register take: an import, a merge, the end of a level.

`python -m bench.register` works on the database that DATABASE_URL names, which must be migrated and
empty; each act is rolled back. Measured are the clock and the time of our own process.
"""

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.portal.settings")


def _measured(title: str, act: Callable[[], object]) -> None:
    clock, own = time.perf_counter(), time.process_time()
    act()
    took, spent = time.perf_counter() - clock, time.process_time() - own
    print(f"{title:<60} {took:7.1f} s, of which our process {spent:6.1f} s")


def main() -> None:
    """Print a line for each act."""
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from quetsach_portal.register import imports, tree_acts
    from quetsach_portal.units.models import OrgUnit, UnitKind
    from quetsach_portal.units.tree_plan import NewUnit, TreePlan, UnitMerge
    from tests.portal.register.great import great_campaign, great_register
    from tests.portal.units.register_file.samples import great_workbook

    day = timezone.localdate()

    def done(kind: str, plan: TreePlan, first: object, second: object) -> Callable[[], object]:
        drafted = tree_acts.drafted(kind, plan, effective_on=day, legal_doc="NQ 1", actor=first)
        event = tree_acts.propose(drafted, actor=first)
        return lambda: tree_acts.approve(event, note="", actor=second)

    with transaction.atomic():
        root = great_register(35, 0, 20)
        _campaign, first, second = great_campaign(root)
        communes = list(OrgUnit.objects.filter(depth=2).order_by("parent", "pk"))
        merges = tuple(
            UnitMerge((one.pk, two.pk), new=NewUnit(f"M{one.pk}", "Xã Mới", UnitKind.COMMUNE))
            for one, two in zip(communes[::2], communes[1::2], strict=True)
        )
        _measured(
            "merge of 700 units into 350", done("merge", TreePlan(merges=merges), first, second)
        )
        transaction.set_rollback(True)
    with transaction.atomic():
        root = great_register(35, 20, 18)
        _campaign, first, second = great_campaign(root)
        districts = tuple(OrgUnit.objects.filter(depth=2).values_list("pk", flat=True))
        plan = TreePlan(units=districts, at_once=True)
        _measured(
            "end of 700 districts above 12,600 communes",
            done("abolish", plan, first, second),
        )
        transaction.set_rollback(True)
    with transaction.atomic():
        root = great_register(1, 0, 1)
        _campaign, first, _second = great_campaign(root)
        raw = great_workbook(15_000)

        def load() -> None:
            upload = imports.take_file(raw, "x.xlsx", root, actor=first)
            found, _hidden = imports.preview(upload)
            imports.confirm(
                upload, shown_digest=found.seen, green_rows_only=False, day=day, actor=first
            )

        _measured("import of 15,000 units: read, compared, saved", load)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
