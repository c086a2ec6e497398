from django.db import migrations
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone


def keep(apps, editor):
    """Let each unit say what its contacts say, as each act on contacts does from now on."""
    units = apps.get_model("units", "OrgUnit").objects.using(editor.connection.alias)
    contacts = apps.get_model("units", "UnitContact").objects.using(editor.connection.alias)
    still = contacts.filter(valid_to__isnull=True)
    today = timezone.localdate()

    def with_one_of(rows):
        return units.filter(Exists(rows.filter(unit_id=OuterRef("pk"))))

    with_one_of(still.filter(~Q(mail="") | ~Q(disabled_reason=""))).update(no_contact=False)
    with_one_of(still.exclude(disabled_reason="")).update(has_bounced=True)
    mails = still.exclude(mail="").values("mail").annotate(first=Min("unit"), last=Max("unit"))
    shared = mails.filter(first__lt=F("last")).values("mail")
    with_one_of(still.filter(mail__in=shared)).update(shares_address=True)
    used = still.filter(disabled_reason="", unit_id=OuterRef("pk")).order_by("valid_from")
    units.update(contact_since=Subquery(used.values("valid_from")[:1]))
    usable = contacts.filter(mail__contains="@", disabled_reason="")
    always = usable.filter(valid_to__isnull=True, valid_from__lte=today)
    with_one_of(always).update(is_reached=True)
    by_day = usable.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    with_one_of(by_day).filter(is_reached=False).update(reach_asked=True)
    if editor.connection.vendor == "postgresql":
        editor.execute("ANALYZE units_orgunit")


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL makes no index in the transaction of these changes."""

    dependencies = [
        ('units', '0003_contacts_kept'),
    ]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
