"""The admin, one file per noun. TimelineEntry is not in it: the projection alone writes that."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.admin import (  # noqa: F401  each registers its noun
    agreement,
    changeset,
    citation,
    correction,
    country,
    meeting,
    organization,
    participation,
    person,
    source,
    trip,
    user,
)

admin.site.site_header = _("Timeline of diplomacy")
admin.site.site_title = _("Timeline of diplomacy")
admin.site.index_title = _("The desk")
