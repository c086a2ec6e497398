"""Who a session belongs to, asked at each request and never remembered: one row, one statement."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from quetsach_portal.people.models import User
from quetsach_portal.web.statements import Statement


def _account(user_id: int) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)


ACCOUNT = Statement(_account)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs in by e-mail address as allauth does."""

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session, None when it is gone or locked."""
        user = ACCOUNT.first(user_id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
