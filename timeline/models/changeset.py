"""What somebody did in one go: the rows of all histories that belong together point to it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.models.fields import known_code


class ChangeKind(models.TextChoices):
    """What kind of act a change set is."""

    EDIT = "edit", _("edited")
    DELETION = "deletion", _("deleted")
    PUBLICATION = "publication", _("publication step")
    IMPORT = "import", _("imported")
    MERGE = "merge", _("merged")
    RESTORATION = "restoration", _("restored")
    COMMAND = "command", _("command")


class ChangeSet(models.Model):
    """One act at the desk: a form saved, a file imported, records published, merged or deleted.

    Written by `timeline.changes` together with the first row of history that belongs to it.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind)
    made_at = models.DateTimeField(_("time"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.TextField(_("note"), default="")
    file_name = models.TextField(_("file"), default="")
    file_hash = models.CharField("SHA-256", max_length=64, default="")
    # Of the import of a file: for which table, which upload it was, and what became of its rows.
    table = models.CharField(_("table"), max_length=40, default="")
    upload = models.CharField(_("upload"), max_length=40, default="")
    rows_new = models.PositiveIntegerField(_("new rows"), null=True)
    rows_changed = models.PositiveIntegerField(_("changed rows"), null=True)
    rows_unchanged = models.PositiveIntegerField(_("unchanged rows"), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-pk"]
        constraints = [
            known_code("kind", ChangeKind),
            models.UniqueConstraint(
                fields=["upload"], condition=~models.Q(upload=""), name="upload_is_imported_once"
            ),
        ]

    def __str__(self):
        what = str(self.get_kind_display())
        return " – ".join(part for part in (what, self.file_name, self.note) if part)
