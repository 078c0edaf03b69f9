"""What happens around every write of an edit-side row: derive before it, project after it."""

from django.db.models import Max
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from timeline import changes, projection
from timeline.models import EDITED_MODELS
from timeline.models.history import is_from_history
from timeline.writers import wait_for_turn


def connect():
    """Called once, when the app is ready."""
    changes.connect()
    for model in EDITED_MODELS:
        pre_save.connect(before_save, sender=model)
        post_save.connect(after_write, sender=model)
        pre_delete.connect(before_delete, sender=model)
        post_delete.connect(after_write, sender=model)


def before_save(sender, instance, **kwargs):
    """Fill what follows from other columns, and remember where the row was shown until now.

    The row as stored counts, not what `instance` was read as: it may be stale, or come from the
    history. So its version never repeats, and a row that moves leaves no trace where it was.
    """
    wait_for_turn()
    instance.derive()
    before = stored(instance)
    if before:
        instance.version = before.version + 1
    elif is_from_history(instance):
        versions = type(instance).history.filter(id=instance.pk)
        instance.version = versions.aggregate(last=Max("version"))["last"] + 1
    instance._touched = projection.touched_by(before) if before else set()


def before_delete(sender, instance, **kwargs):
    wait_for_turn()
    before = stored(instance)
    instance._touched = projection.touched_by(before) if before else set()


def after_write(sender, instance, signal, **kwargs):
    now = projection.touched_by(instance) if signal is post_save else set()
    projection.refresh(instance._touched | now)


def stored(instance):
    """The row of `instance` as the database has it, or None."""
    return type(instance).objects.filter(pk=instance.pk).first() if instance.pk else None
