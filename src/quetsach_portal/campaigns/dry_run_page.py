"""What a dry run found, in words, for its page."""

from django.db.models import Case, CharField, QuerySet, Value, When

from quetsach_portal.campaigns.dry_run import FAULTS
from quetsach_portal.campaigns.models import DryRun, DryRunFault


def faults_of(run: DryRun) -> QuerySet[DryRunFault]:
    """Return what the dry run found broken, each with its `words`; what stops the start first."""
    words = [When(code=code, then=Value(str(text))) for code, text in FAULTS.items()]
    rows = DryRunFault.objects.filter(run=run).select_related("node")
    return rows.annotate(words=Case(*words, default=Value(""), output_field=CharField())).order_by(
        "-stops", "pk"
    )
