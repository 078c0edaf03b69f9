"""What happens around every write of an edit-side row: derive before it, project after it."""

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver

from timeline import projection
from timeline.models.base import Edited


@receiver(pre_save)
def derive(sender, instance, **kwargs):
    if not isinstance(instance, Edited):
        return
    instance.derive()
    before = None if instance._state.adding else sender.objects.filter(pk=instance.pk).first()
    instance._touched_before = projection.touched_by(before) if before else set()


@receiver(post_save)
def project(sender, instance, **kwargs):
    if isinstance(instance, Edited):
        projection.refresh(instance._touched_before | projection.touched_by(instance))


@receiver(pre_delete)
def remember(sender, instance, **kwargs):
    if isinstance(instance, Edited):
        instance._touched_before = projection.touched_by(instance)


@receiver(post_delete)
def forget(sender, instance, **kwargs):
    if isinstance(instance, Edited):
        projection.refresh(instance._touched_before)
