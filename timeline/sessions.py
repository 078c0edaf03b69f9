"""The sessions of people who signed in. That a new password ends them, Django sees to."""

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models.signals import post_save
from django.utils import timezone


def end_all(user):
    """End every session of `user`. Whose a session is stands inside it: all have to be opened."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def end_when_deactivated(instance, **kwargs):
    """Who is not active is let in nowhere; but an old session would be good again afterwards."""
    if not instance.is_active:
        end_all(instance)


def forget_expired(**kwargs):
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def connect():
    post_save.connect(end_when_deactivated, sender=get_user_model())
    user_logged_in.connect(forget_expired)
