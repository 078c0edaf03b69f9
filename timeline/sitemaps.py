"""The addresses of everything public, in both languages, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from timeline import public
from timeline.models import TimelineEntry


class Localised(Sitemap):
    i18n = True
    alternates = True


class Pages(Localised):
    def items(self):
        return ["timeline", "people", "organizations", "countries", "sources", "data"]

    def location(self, item):
        return reverse(item)


class Entries(Localised):
    def items(self):
        return TimelineEntry.objects.only("kind", "slug", "changed_at").order_by("oldest_key")

    def lastmod(self, entry):
        return entry.changed_at


class Rows(Localised):
    """The public rows of one model."""

    def __init__(self, rows, key="slug"):
        self.rows = rows
        self.key = key

    def items(self):
        return self.rows().only(self.key).order_by(self.key)


SITEMAPS = {
    "pages": Pages,
    "entries": Entries,
    "people": Rows(public.people),
    "organizations": Rows(public.organizations),
    "countries": Rows(public.countries, "code"),
    "sources": Rows(public.sources),
}
