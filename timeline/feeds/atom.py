"""The timeline as a feed (Atom, RFC 4287): what is new, and what was corrected."""

from collections import defaultdict
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import get_language, gettext

from timeline import public
from timeline.feeds.subject import site_name
from timeline.models import RECORDS
from timeline.models.bilingual import language_of
from timeline.projection import by_kind

SIZE = 50
TOLD = 5  # corrections of one record
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed that has no entry changed last
NO_XML = dict.fromkeys((0xFFFE, 0xFFFF))  # may be stored, and stands in no XML (1.0, section 2.2)


class Feed(Atom1Feed):
    """As Django writes it, with the languages of its texts and addresses."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=NEVER)

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for language, address in self.feed["others"]:
            same = {"rel": "alternate", "type": "application/atom+xml", "hreflang": language}
            handler.addQuickElement("link", "", same | {"href": address})

    def add_item_elements(self, handler, item):
        handler.addQuickElement("title", item["title"], {"xml:lang": item["language"]})
        page = {"rel": "alternate", "type": "text/html", "hreflang": self.feed["language"]}
        handler.addQuickElement("link", "", page | {"href": item["link"]})
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        for term, label in item["categories"]:
            handler.addQuickElement("category", "", {"term": term, "label": label})
        handler.addQuickElement("content", item["description"], {"type": "html"})


def feed(entries, subject):
    """The feed of the entries whose public face changed last, as text.

    The permanent address of its page is the id of an entry.
    """
    written = Feed(
        subject.title,
        subject.address("timeline"),
        None,
        language=get_language(),
        author_name=site_name(),
        author_link=subject.address("timeline").partition("?")[0],
        subtitle=gettext("New and corrected records, the latest change first."),
        feed_url=subject.address("timeline_atom"),
        feed_guid=subject.address("timeline_atom"),
        feed_copyright=", ".join(settings.DATA_LICENSE) or None,
        others=subject.others("timeline_atom"),
    )
    latest = list(public.with_trips(entries).order_by("-changed_at", "newest_key")[:SIZE])
    notes = corrections_of(latest)
    for entry in latest:
        address = subject.origin + entry.get_absolute_url()
        told = {"entry": entry, "corrections": notes[entry.kind, entry.slug][:TOLD]}
        written.add_item(
            str(entry),
            address,
            render_to_string("feeds/entry.html", told),
            unique_id=address,
            pubdate=entry.published_at,
            updateddate=entry.changed_at,
            language=language_of(entry, "title"),
        )
        written.items[-1]["categories"] = [
            (entry.kind, entry.get_kind_display()),
            (entry.type, entry.type_label),
        ]
    return written.writeString("utf-8").translate(NO_XML)


def corrections_of(entries):
    """{(kind, slug): [correction, ...]}, the latest first, of what the public may read."""
    slugs = by_kind({(entry.kind, entry.slug) for entry in entries})
    theirs = Q(*((f"{kind}__slug__in", slugs[kind]) for kind in RECORDS), _connector=Q.OR)
    rows = public.corrections().filter(theirs).select_related(*RECORDS)
    found = defaultdict(list)
    for correction in rows.order_by("-corrected_at", "slug"):
        record = correction.subject
        found[record.kind_of_record, record.slug].append(correction)
    return found
