from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = _("Timeline of diplomacy")

    def ready(self):
        # Here and not above, because models can be imported only now.
        from timeline import roles, sessions, signals

        signals.connect()
        sessions.connect()
        post_migrate.connect(roles.create_groups, sender=self)
