from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = _("Timeline of diplomacy")

    def ready(self):
        from importlib import import_module

        from timeline import roles

        import_module("timeline.signals")
        post_migrate.connect(roles.create_groups, sender=self)
