"""Step three is an act that is recorded; what was ticked before becomes acts where it says enough."""

from datetime import date, datetime, time

from django.db import migrations, models
from django.utils import timezone

TICKED = (("isolated", {"disconnect"}), ("restored", {"passwords", "reconnect"}))
"""The acts that ticks alone tell of. A scan has a result, which no tick has: it stays in the
history."""


def acts_of(checklist, events):
    """Return (kind, when, by) of the acts in `checklist`, {step: ISO day}.

    Shapes: `events` are (when, by, steps done) of the history, in order.
    """
    acts = []
    for kind, steps in TICKED:
        if not steps <= set(checklist):
            continue
        day = date.fromisoformat(max(checklist[step] for step in steps))
        by_whom = [
            (when, by)
            for when, by, done in events
            if steps <= set(done) and timezone.localtime(when).date() == day
        ]
        midnight = timezone.make_aware(datetime.combine(day, time()))
        acts.append((kind, *(by_whom[0] if by_whom else (midnight, None))))
    return acts


def carry_over(apps, editor):
    """Make handlings of the ticks of each case that has no such handling."""
    alias = editor.connection.alias
    cases = apps.get_model("cases", "Case").objects.using(alias).exclude(checklist={})
    events = apps.get_model("cases", "CaseEvent").objects.using(alias)
    handlings = apps.get_model("cases", "Handling").objects.using(alias)
    for case in cases.order_by("pk").iterator(chunk_size=2000):
        rows = events.filter(case_id=case.pk, kind="ticked").order_by("pk")
        ticked = [(row.at, row.by_id, row.detail.get("done", ())) for row in rows]
        for kind, when, by in acts_of(case.checklist, ticked):
            same = handlings.filter(case_id=case.pk, kind=kind, withdrawn_at=None)
            if not same.exists():
                handlings.create(case_id=case.pk, kind=kind, at=when, by_id=by, told_at=when)


class Migration(migrations.Migration):
    """One more kind of handling, and the handlings that were ticks."""

    dependencies = [
        ('cases', '0005_withdrawn'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handling',
            name='kind',
            field=models.CharField(choices=[('isolated', 'Disconnected from the network'), ('scanned', 'Scanned'), ('cleaned', 'Malware removed'), ('reinstalled', 'Re-installed'), ('replaced', 'Replaced by another machine'), ('accepted-risk', 'Risk accepted for a time'), ('restored', 'Updated, passwords changed, reconnected')], max_length=16),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
