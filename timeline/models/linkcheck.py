"""Whether the links of the source documents still lead somewhere."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.models.fields import known_code


class LinkField(models.TextChoices):
    """Which address of a source was asked for."""

    URL = "url", _("address")
    ARCHIVE_URL = "archive_url", _("archived copy")


class LinkOutcome(models.TextChoices):
    FOUND = "found", _("found")
    MOVED = "moved", _("moved for good")
    BROKEN = "broken", _("broken")
    UNREACHABLE = "unreachable", _("server not reached")


class LinkCheck(models.Model):
    """What came of asking for one address of a source, the last time it was asked for.

    Written by `manage.py check_links` alone; it says nothing about an address changed since.
    """

    source = models.ForeignKey(
        "SourceDocument",
        verbose_name=_("source"),
        on_delete=models.CASCADE,
        related_name="link_checks",
    )
    field = models.CharField(max_length=11, choices=LinkField)
    url = models.TextField(_("address"))
    outcome = models.CharField(_("outcome"), max_length=11, choices=LinkOutcome)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    detail = models.TextField(_("detail"), default="")
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)
    broken_since = models.DateTimeField(_("broken since"), null=True)

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["source", "field"]
        indexes = [models.Index(fields=["broken_since"], name="linkcheck_broken")]
        constraints = [
            models.UniqueConstraint(fields=["source", "field"], name="link_is_checked_once"),
            known_code("field", LinkField),
            known_code("outcome", LinkOutcome),
        ]

    def __str__(self):
        return f"{self.url}: {self.get_outcome_display()}"
