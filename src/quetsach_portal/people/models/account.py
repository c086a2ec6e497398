"""Accounts. As little about a person as the work needs: a name, an e-mail address, a language."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class Accounts(BaseUserManager["User"]):
    """Makes accounts; Django asks for a manager where a user model has no user name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new saved account; without a password nobody can sign in to it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account; its rights come from `Assignment` alone."""

    email = models.EmailField(_lazy("e-mail address"), unique=True)
    name = models.CharField(_lazy("name"), max_length=120, blank=True)
    phone_last4 = models.CharField(max_length=4, blank=True)
    language = models.CharField(
        max_length=2, default="vi", choices=[("vi", "Tiếng Việt"), ("en", "English")]
    )
    is_active = models.BooleanField(default=True)
    must_use_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = Accounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        """The database refuses a second account with the same address in other letters."""

        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """False: there is no Django admin; allauth asks for the name."""
        return False


class SignInDelay(models.Model):
    """How often a sign-in failed lately, and until when the next one has to wait.

    Shapes: `key` is a keyed digest of the address that was typed, known or not, or of one browser
    in which that account had signed in before.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)


class AccountNotice(models.Model):
    """The text of a mail about an account, kept until the mail was sent or has failed."""

    subject = models.CharField(max_length=300)
    body = models.TextField()
    language = models.CharField(max_length=2, default="vi")
    created_at = models.DateTimeField(default=timezone.now)


class KeptForm(models.Model):
    """What a form had sent after its session had ended, encrypted; the browser has half the key.

    Shapes: `digest` is the SHA-256 (hex) of the browser's part; who has the database and the
    portal's secret key opens nothing without it.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
