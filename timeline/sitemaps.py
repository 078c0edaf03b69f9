"""The addresses of everything public, in both languages, for search engines.

`/sitemap.xml` names a file for each section and each 1,000 rows of it: a reader of one file costs
what that file holds. A pair of countries has no line of its own; the page of each leads to it.
"""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import override

from timeline import public
from timeline.models import TimelineEntry


class Localised(Sitemap):
    """Rows of which each has a page in every language, the pages naming each other."""

    limit = 1000  # rows of one file

    @property
    def paginator(self):
        """Of rows, where Django's would make a list of all rows in all languages first."""
        return Paginator(self.items(), self.limit)

    def get_urls(self, page=1, site=None, protocol=None):
        rows = list(self.paginator.page(page))
        changed = self.changes(rows)
        origin = f"{protocol}://{site.domain}"
        return [url for row in rows for url in self._addresses(row, origin, changed.get(row))]

    def _addresses(self, row, origin, changed):
        places = {}
        for language, _label in settings.LANGUAGES:
            with override(language):
                places[language] = origin + self.location(row)
        hints = places | {"x-default": places[settings.LANGUAGE_CODE]}
        alternates = [{"lang_code": code, "location": place} for code, place in hints.items()]
        return [
            {"location": place, "lastmod": changed, "alternates": alternates}
            for place in places.values()
        ]

    def changes(self, rows):
        """{row: when its page changed last}, for those of which it is cheap to know.

        Only what moves with public changes is told: the times of a row itself would tell of others.
        """
        return {}

    def get_latest_lastmod(self):
        return None


class Pages(Localised):
    def items(self):
        return ["timeline", "people", "organizations", "countries", "sources", "data"]

    def location(self, item):
        return reverse(item)

    def changes(self, rows):
        return {"timeline": self.get_latest_lastmod()}

    def get_latest_lastmod(self):
        return TimelineEntry.objects.aggregate(last=Max("changed_at"))["last"]


class Entries(Localised):
    def items(self):
        return TimelineEntry.objects.only("kind", "slug", "changed_at").order_by("oldest_key")

    def changes(self, rows):
        return {row: row.changed_at for row in rows}

    def get_latest_lastmod(self):
        return Pages().get_latest_lastmod()


class Rows(Localised):
    """The public rows of one model."""

    def __init__(self, rows, key="slug"):
        self.rows = rows
        self.key = key

    def items(self):
        return self.rows().only(self.key).order_by(self.key)


class Shown(Rows):
    """People or organisations, whose pages change with the entries that show them."""

    def changes(self, rows):
        these = self.rows().model.objects.filter(pk__in=[row.pk for row in rows])
        dated = these.only("pk").annotate(last=Max("entries__changed_at"))
        return {row: row.last for row in dated}


SITEMAPS = {
    "pages": Pages,
    "entries": Entries,
    "people": Shown(public.people),
    "organizations": Shown(public.organizations),
    "countries": Rows(public.countries, "code"),
    "sources": Rows(public.sources),
}
