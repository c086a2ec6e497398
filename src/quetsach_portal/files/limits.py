"""How much one person may upload; asked within the transaction that adds to it."""

from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from quetsach_portal.files.kinds import PER_USER, UserLimits, size_text
from quetsach_portal.files.models import FileState, Purpose, StoredFile
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.people.models import User


def refuse_over_limits(
    actor: User, size: int, *, is_open: bool = False, limits: UserLimits = PER_USER
) -> None:
    """Refuse a further file of `size` bytes by `actor` when one of the limits would be passed.

    Shapes: `is_open` for an upload in parts that begins.
    Errors: P124 files a day, P125 bytes a month, P133 uploads at once.
    """
    # Two requests of one person queue here, so that neither slips past the other's count.
    User.objects.select_for_update().get(pk=actor.pk)
    now = timezone.now()
    mine = StoredFile.objects.filter(uploaded_by=actor).exclude(purpose=Purpose.DOCUMENT)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= limits.files_a_day:
        raise FileRefused("P124", limit=limits.files_a_day)
    month = mine.filter(created_at__gt=now - timedelta(days=30))
    held = month.aggregate(all=Sum("size"))["all"] or 0
    if held + size > limits.bytes_a_month:
        raise FileRefused("P125", limit=size_text(limits.bytes_a_month))
    receiving = mine.filter(state=FileState.RECEIVING)
    if is_open and receiving.count() >= limits.open_uploads:
        raise FileRefused("P133", limit=limits.open_uploads)
