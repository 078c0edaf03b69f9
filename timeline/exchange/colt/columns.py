"""The columns of trips-colt.csv: those of COLT in its order, then our own."""

from functools import partial

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from timeline.exchange.colt import certain
from timeline.exchange.colt.cells import (
    answer,
    duration,
    full_name,
    link,
    listed,
    names,
)
from timeline.exchange.column import Column
from timeline.models.codes import Status

LINKS = 5


def of_leader(read):
    """A reader of the leader's row, empty for a trip without one."""
    return lambda stay: read(stay.leader) if stay.leader else ""


def of_leg(read):
    return lambda stay: read(stay.leg) if stay.leg else ""


def dated(prefix, whose, date_of):
    """Five columns on the date `date_of(stay)`: the text, what kind it is, and its bounds."""
    words = {"whose": whose}

    def column(name, definition, read, **options):
        definition = format_lazy(definition, **words)
        return Column(
            f"{prefix}{name}",
            definition,
            read=lambda stay: ((date := date_of(stay)) and read(date)) or "",
            **options,
        )

    return (
        column("DateEDTF", _("the date {whose} as the sources know it (EDTF)"), str),
        column(
            "DatePrecision",
            _("what the date {whose} is: year, month, day, interval, or set (one of several)"),
            lambda date: date.precision,
        ),
        column(
            "DateQualifier",
            _("“uncertain”, “approximate” or both, when the date {whose} is so in any part"),
            lambda date: listed(certain.doubts(date)),
        ),
        column(
            "Earliest",
            _("the first possible day {whose}; not stretched for an approximate date"),
            lambda date: date.earliest,
            type="date",
        ),
        column(
            "Latest",
            _("the last possible day {whose}; not stretched for an approximate date"),
            lambda date: date.latest,
            type="date",
        ),
    )


def yes_or_no(name, definition, found):
    return Column(name, definition, pattern="Yes|No", read=lambda stay: answer(stay, found(stay)))


def day(name, definition, read):
    return Column(name, definition, type="date", read=lambda stay: read(stay.date) or "")


OF_COLT = (
    Column(
        "TripID",
        _("unique: the slug of the trip / number of the leg / number of the leader, if several"),
        required=True,
        unique=True,
        read=lambda stay: stay.key,
    ),
    Column(
        "LeaderCountryISO",
        _("ISO 3166-1 alpha-3 code of the country that the head of the delegation acted for"),
        read=of_leader(lambda row: row.country.iso3 if row.country else ""),
    ),
    Column(
        "LeaderFullName",
        _("who led the delegation, with all marks; empty when only the office is known"),
        read=of_leader(lambda row: full_name(row.person)),
    ),
    Column(
        "LeaderTitle",
        _("the office as worded at that time, be it of a head of state or not"),
        read=of_leader(lambda row: row.capacity),
    ),
    Column("CountryVisited", _("the country of the leg"), read=of_leg(lambda leg: leg.country)),
    Column(
        "CountryVisitedISO",
        _("its ISO 3166-1 alpha-3 code"),
        read=of_leg(lambda leg: leg.country.iso3),
    ),
    Column(
        "CityVisited",
        _("the place of the leg as recorded, which need not be a city"),
        read=of_leg(lambda leg: leg.place),
    ),
    Column(
        "TripYear",
        _("the year in which the stay began, when there is only one that it can be"),
        type="integer",
        read=lambda stay: stay.year or "",
    ),
    day(
        "TripStartDate",
        _(
            "the first day of the stay, only when the date names that very day without doubt; on "
            "a trip of several legs only when the leg has a date of its own"
        ),
        certain.first_day,
    ),
    day("TripEndDate", _("the last day of the stay, under the same conditions"), certain.last_day),
    Column(
        "TripDuration",
        _("how many days, the first and the last one counted; only when both are given"),
        type="integer",
        read=duration,
    ),
    yes_or_no(
        "AttendedMultilatEvent",
        _(
            "Yes: the sources call the visit one to a multilateral event, or the leader took part "
            "in a session of three countries or more, or convened by an organisation of states"
        ),
        lambda stay: stay.is_multilateral or stay.sessions,
    ),
    Column(
        "NameMultilatEvent",
        _("the titles that our records give these sessions"),
        read=lambda stay: listed(event.title for event in stay.sessions),
    ),
    yes_or_no(
        "MetHostHoGS",
        _(
            "Yes: in the country visited the leader met somebody whose office is worded as its "
            "president, prime minister, monarch or the like"
        ),
        lambda stay: stay.hosts,
    ),
    Column(
        "HostHOGSName",
        _("who that was; without a name the office and the country, as “President (KAZ)”"),
        read=lambda stay: names(stay.hosts),
    ),
    yes_or_no(
        "MetNonhostHOGS",
        _("Yes: there the leader met such a head of a third country"),
        lambda stay: stay.others,
    ),
    Column(
        "NonhostHOGSNames",
        _("who that was, in the same form"),
        read=lambda stay: names(stay.others),
    ),
    yes_or_no(
        "SignedAgreement",
        _(
            "Yes: an agreement of the trip is recorded as signed, by the leader or at an event "
            "where the leader was present"
        ),
        lambda stay: stay.signings,
    ),
    yes_or_no(
        "PublicAddress",
        _("Yes: the leader gave a speech that is recorded as an event of its own"),
        lambda stay: stay.speeches,
    ),
    Column(
        "Notes",
        _("the summary of the trip, and the remark on its date"),
        read=lambda stay: " ".join(filter(None, [stay.trip.summary, stay.trip.date_note])),
    ),
    *(
        Column(
            f"SourceLink{number}",
            _("address of an open source of what the row says; the others have names alone"),
            format="uri",
            read=partial(link, number),
        )
        for number in range(1, LINKS + 1)
    ),
)
OF_OURS = (
    Column(
        "TripSlug", _("the slug of the trip, as in the other files"), read=lambda s: s.trip.slug
    ),
    Column(
        "LeaderSlug",
        _("the slug of the leader, as in the other files"),
        read=of_leader(lambda row: row.person.slug if row.person else ""),
    ),
    Column(
        "TripStatus",
        _("held; another one only in a file that was asked for with that status"),
        codes=Status,
        read=lambda stay: stay.trip.status,
    ),
    Column(
        "TripVerification",
        _("unverified, verified or disputed"),
        read=lambda stay: stay.trip.verification,
    ),
    Column(
        "TripDateBasis",
        _("how the date of the trip is known, as a code"),
        read=lambda s: s.trip.date_basis,
    ),
    *dated("Trip", _("of the trip"), lambda stay: stay.date_of_trip),
    *dated("Leg", _("of the leg"), lambda stay: stay.date_of_leg),
    Column(
        "SourceNames",
        _("every source of what the row says that may be named, separated by “; ”"),
        read=lambda stay: listed(source.public_name for source in stay.sources),
    ),
    Column("TripURL", _("the address of the page of the trip"), format="uri"),
)
COLUMNS = (*OF_COLT, *OF_OURS)
