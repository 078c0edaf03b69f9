"""The timeline as a calendar (iCalendar, RFC 5545 and RFC 7986).

A calendar knows days and nothing vaguer. What happened some time in a month, about a day, or on one
of several days has none that it could stand on: it is left out, and the calendar says how many.
"""

from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from urllib.parse import urlsplit

from django.db.models import Count, Q, Value
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, override
from icalendar import Calendar, Event, vText

from timeline import public
from timeline.models.bilingual import language_of
from timeline.models.codes import DateBasis, Status
from timeline.views.paging import in_chunks

END = b"END:VCALENDAR\r\n"
LONGEST = 1000  # events: programs choke on many more, and so would this server
NAMED = 12  # participants of one event
STATUS = {
    Status.ANNOUNCED: "TENTATIVE",
    Status.POSTPONED: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.NOT_HELD: "CANCELLED",
}

DATE = "date_edtf"
HYPHEN = Exact(Substr(DATE, 8, 1), Value("-"))
A_DAY = Exact(Length(DATE), 10) & HYPHEN
TWO_DAYS = Exact(Length(DATE), 21) & HYPHEN & Exact(Substr(DATE, 19, 1), Value("-"))
# Among the canonical texts of dates that have a beginning and an end, no others have such lengths
# and hyphens. An event on the last day of all could not end: there is no day after it.
ON_CERTAIN_DAYS = Q(earliest__isnull=False, latest__lt=date.max) & (
    Q(A_DAY) | Q(TWO_DAYS) & ~Q(date_basis=DateBasis.WITHIN_TRIP)
)


def left_out(entries):
    """How many of `entries` are not in their calendar: (without certain days, beyond LONGEST)."""
    counts = entries.order_by().aggregate(
        every=Count("pk"), certain=Count("pk", filter=ON_CERTAIN_DAYS)
    )
    return counts["every"] - counts["certain"], max(0, counts["certain"] - LONGEST)


def what_is_left_out(vague, many):
    """Sentences that say so, for the numbers of `left_out`."""
    if vague:
        yield ngettext(
            "%(number)d record without a certain day is left out.",
            "%(number)d records without a certain day are left out.",
            vague,
        ) % {"number": vague}
    if many:
        yield ngettext(
            "%(number)d earlier record is left out, because calendars are short; filter for it.",
            "%(number)d earlier records are left out, because calendars are short; filter for "
            "them.",
            many,
        ) % {"number": many}


def tag(head, entries):
    """The ETag of the calendar of `entries` that begins with `head`, from their keys and moments.

    Making the events takes longer than all else. A link to a trip moves no moment.
    """
    told = _told(entries).values_list("newest_key", "changed_at", "trip__slug")[:LONGEST]
    return f'W/"{sha256(repr((head, [*told])).encode()).hexdigest()}"'


def pieces(head, entries, origin, language):
    """Yield the calendar as bytes: `head`, and one event after the other, the latest days first."""
    yield head
    for entry in islice(in_chunks(public.with_trips(_told(entries)), "newest_key"), LONGEST):
        with override(language):  # the pieces are asked for when the request is over
            event = _event(entry, origin).to_ical()
        yield event
    yield END


def _told(entries):
    return entries.filter(ON_CERTAIN_DAYS).order_by("newest_key")


def head_of(entries, subject):
    """What the calendar of `entries` says of itself, as bytes."""
    words = " ".join(
        [
            gettext("Trips, meetings and agreements on the days that are known for certain."),
            *what_is_left_out(*left_out(entries)),
        ]
    )
    language = {"language": get_language()}
    calendar = Calendar()
    calendar.add("prodid", f"-//{urlsplit(subject.origin).hostname}//Timeline of diplomacy//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(subject.title), language)
    for name in ("description", "x-wr-caldesc"):
        calendar.add(name, vText(words), language)
    calendar.add("url", subject.address("timeline"))
    calendar.add("source", subject.address("timeline_ics"), {"value": "URI"})
    calendar.add("refresh-interval", timedelta(days=1), {"value": "DURATION"})
    return calendar.to_ical().removesuffix(END)


def _event(entry, origin):
    """The event of an entry on certain days; every time in it is one that the public may read."""
    event = Event()
    event.add("uid", _uid(entry, origin))
    event.add("dtstamp", entry.changed_at)
    event.add("created", entry.published_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.earliest)
    if entry.latest > entry.earliest:
        event.add("dtend", entry.latest + timedelta(days=1))  # the day on which it is over
    event.add("status", STATUS.get(entry.status, "CONFIRMED"))
    event.add("transp", "TRANSPARENT")  # whoever subscribes has these days free
    event.add("summary", str(entry), {"language": language_of(entry, "title")})
    event.add("description", _description(entry, origin), {"language": get_language()})
    if entry.place:
        event.add("location", entry.place, {"language": language_of(entry, "place")})
    event.add("categories", _categories(entry), {"language": get_language()})
    event.add("url", origin + entry.get_absolute_url())
    if entry.trip:
        event.add("related-to", _uid(entry.trip, origin))  # its parent
    return event


def _uid(entry, origin):
    """The same in every language: it is one event."""
    return f"{entry.kind}.{entry.slug}@{urlsplit(origin).hostname}"


def _categories(entry):
    labels = [entry.get_kind_display(), str(entry.type_label)]
    return list(dict.fromkeys(capfirst(label) for label in labels))


def _description(entry, origin):
    """Plain text: what it was, what came of it, who took part, how it is known, and where."""
    facts = [*_categories(entry), entry.status and entry.get_status_display()]
    people = [line for line in entry.participants.split("\n") if line]
    paragraphs = [
        " · ".join(fact for fact in facts if fact),
        entry.summary,
        people and _named(people),
        entry.sources and "\n".join((gettext("Sources:"), entry.sources)),
        origin + entry.get_absolute_url(),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _named(people):
    more = len(people) - NAMED
    rest = ngettext("and %(more)s more", "and %(more)s more", more) % {"more": more}
    return "\n".join((gettext("Who took part:"), *people[:NAMED], *([rest] if more > 0 else ())))
