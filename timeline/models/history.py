"""The history of each row: every version of it, who made it, why, and in which change."""

from django.db import models
from simple_history.models import SIMPLE_HISTORY_REVERSE_ATTR_NAME, HistoricalRecords


class Version(models.Model):
    """What each row of a history has beside the columns of its model."""

    change_set = models.ForeignKey(
        "timeline.ChangeSet", null=True, on_delete=models.PROTECT, related_name="%(class)s_rows"
    )

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """The history of a row, without the columns that only help to find and sort it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, bases=[Version], **kwargs)

    def get_extra_fields(self, model, fields):
        """Name to each model only the columns it has: restoring a row reads the others back."""
        names = {field.name for field in model._meta.fields}
        excluded = [name for name in self.excluded_fields if name in names]
        return super().get_extra_fields(model, fields) | {"_history_excluded_fields": excluded}


def is_from_history(row):
    """Whether `row` is an earlier version of itself, about to be brought back."""
    return hasattr(row, SIMPLE_HISTORY_REVERSE_ATTR_NAME)
