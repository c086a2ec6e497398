from django.db import migrations


def make_first(apps, editor):
    """Make the release of each campaign that began a version in force, as it was chosen."""
    alias = editor.connection.alias
    campaigns = apps.get_model("campaigns", "Campaign").objects.using(alias)
    versions = apps.get_model("lists", "ListVersion").objects.using(alias)
    begun = campaigns.exclude(state__in=["draft", "ready"]).exclude(release_file=None)
    for campaign in begun.order_by("pk"):
        if versions.filter(campaign=campaign).exists():
            continue
        began = campaign.starts_at or campaign.created_at
        version = versions.create(
            campaign=campaign,
            n=1,
            title=str(campaign.release_facts.get("title", ""))[:200],
            state="in-force",
            release_id=campaign.release_file_id,
            candidate_id=campaign.release_file_id,
            sha256=campaign.release_sha256,
            facts=campaign.release_facts,
            by_id=campaign.start_asked_by_id,
            proposed_by_id=campaign.start_asked_by_id,
            approved_by_id=campaign.started_by_id,
            received_at=began,
            in_force_at=began,
        )
        version.lists.set([campaign.release_file_id])


class Migration(migrations.Migration):

    dependencies = [
        ('lists', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(make_first, migrations.RunPython.noop),
    ]
