"""One row an act, in a chain of digests that shows any later change."""

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which object, and what it changed; the database refuses to change a row.

    Shapes: `seq` counts without gaps from 1; `digest` is the SHA-256 (hex) of the row's canonical
    JSON together with `previous`, the digest of row `seq - 1`. `ip` is cut to /24 or /48.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=160)
    acting_for = models.CharField(max_length=160, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    unit_path = models.CharField(max_length=255, blank=True, db_index=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        """Asked for by object and by actor."""

        indexes = [
            models.Index(fields=["object_kind", "object_id"]),
            models.Index(fields=["actor_id", "seq"]),
        ]


class ChainHead(models.Model):
    """The last row of the chain; its lock is what puts acts in one order."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
