from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q


def tell(apps, editor):
    """Tell which units may have had another name: in the register, or in a frozen tree."""
    alias = editor.connection.alias
    units = apps.get_model("units", "OrgUnit").objects.using(alias)
    names = apps.get_model("units", "OrgName").objects.using(alias)
    nodes = apps.get_model("campaigns", "CampaignNode").objects.using(alias)
    ended = names.filter(valid_to__isnull=False, unit_id=OuterRef("pk"))
    other = nodes.exclude(name_at_freeze=F("unit__name")).values("unit_id")
    units.filter(Q(Exists(ended)) | Q(pk__in=other)).update(has_old_name=True)


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_questions_by_index'),
        ('units', '0005_old_names'),
    ]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
