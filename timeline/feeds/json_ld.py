"""What a page tells machines in the vocabulary of schema.org, as JSON-LD.

Dates stay as they are known: `dcterms:date` has the EDTF text, typed with the datatype of the
Library of Congress (https://id.loc.gov/datatypes/edtf.html), and `startDate` and `endDate` stand
only where a plain day, month or year says the same. An office is that of the event: it stands at
the role somebody had there, and is no property of the person.
"""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from timeline.edtf import parse
from timeline.models.bilingual import LANGUAGES, language_of
from timeline.models.codes import (
    DateBasis,
    Mode,
    OrganizationKind,
    Role,
    Status,
    TenureBasis,
)

CONTEXT = [
    "https://schema.org",
    {"dcterms": "http://purl.org/dc/terms/", "edtf": "http://id.loc.gov/datatypes/edtf/"},
]
# No character of it ends a script element, whatever a title holds.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
STATUS = {
    Status.ANNOUNCED: "EventScheduled",
    Status.HELD: "EventScheduled",  # "is taking place or has taken place as scheduled"
    Status.POSTPONED: "EventPostponed",
    Status.CANCELLED: "EventCancelled",
    Status.NOT_HELD: "EventCancelled",
}
ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.PHONE: "OnlineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
}
PARTS = {Role.ORGANISER: "organizer", Role.SUBJECT: "about"} | dict.fromkeys(
    (
        *(Role.HEAD, Role.MEMBER, Role.SPOUSE, Role.PARTICIPANT, Role.HOST, Role.CHAIR),
        *(Role.SPEAKER, Role.WITNESS, Role.SIGNATORY, Role.OBSERVER),
    ),
    "attendee",
)
ORGANIZATIONS = {
    OrganizationKind.GOVERNMENT: "GovernmentOrganization",
    OrganizationKind.PARTY: "PoliticalParty",
    OrganizationKind.COMPANY: "Corporation",
    OrganizationKind.MEDIA: "NewsMediaOrganization",
    OrganizationKind.UNIVERSITY: "CollegeOrUniversity",
    OrganizationKind.HOSPITAL: "Hospital",
}


class Block:
    """A description as the content of a script element, where HTML escapes nothing."""

    def __init__(self, described):
        self.described = described

    def __html__(self):
        return json.dumps(self.described, ensure_ascii=False).translate(ESCAPES)


def of_record(record, origin, *, participations, sources, places, wholes):
    """A trip, meeting or agreement as an Event.

    `places` are its legs or itself: rows with a place and a country; `wholes` the published
    records it is part of.
    """
    found = {
        "@context": CONTEXT,
        **_named("Event", record, "title", origin),
        "inLanguage": get_language(),
        "description": record.summary and _text(record, "summary"),
        "keywords": [str(record._meta.verbose_name), record.get_kind_display()],
        **_dates(record.date, stated=record.date_basis != DateBasis.WITHIN_TRIP),
        "eventStatus": _term(STATUS.get(getattr(record, "status", None))),
        "eventAttendanceMode": _term(ATTENDANCE.get(getattr(record, "mode", None))),
        "location": list(filter(None, map(_place, places))),
        "superEvent": [_named("Event", whole, "title", origin) for whole in wholes if whole],
        "subjectOf": [_source(source, origin) for source in dict.fromkeys(sources)],
    }
    for row in participations:
        if who := _participant(row, origin):
            found.setdefault(PARTS.get(row.role, "contributor"), []).append(who)
    return _filled(found)


def of_person(person, tenures, origin):
    return _filled(
        {
            "@context": CONTEXT,
            **_person(person, origin),
            "alternateName": _other_names(person.name_latin, person.aliases),
            "sameAs": person.wikidata_id
            and f"https://www.wikidata.org/entity/{person.wikidata_id}",
            "hasOccupation": [_office(tenure) for tenure in tenures],
        }
    )


def of_organization(body, origin):
    return _filled(
        {
            "@context": CONTEXT,
            **_organization(body, origin),
            "alternateName": _other_names(body.name_vi, body.name_en, body.aliases),
        }
    )


def of_country(country, origin):
    return {
        "@context": CONTEXT,
        **_named("Country", country, "name", origin),
        "alternateName": [country.name_vi, country.name_en],
        "identifier": [country.code, country.iso3],
    }


def of_everything(origin, name, description, files):
    """The whole chronicle as a Dataset; `files` are pairs of media type and path."""
    address = origin + reverse("data")
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "@id": address,
            "url": address,
            "name": name,
            "description": description,
            "inLanguage": list(LANGUAGES),
            "isAccessibleForFree": True,
            "license": [f"https://spdx.org/licenses/{one}" for one in settings.DATA_LICENSE],
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": media, "contentUrl": origin + path}
                for media, path in files
            ],
        }
    )


def _filled(found):
    return {name: value for name, value in found.items() if value}


def _text(row, name):
    """A text, with its language when it is not that of the page."""
    language, value = language_of(row, name), getattr(row, name)
    return value if language == get_language() else {"@language": language, "@value": value}


def _named(type_, row, name, origin):
    address = origin + row.get_absolute_url()
    return {"@type": type_, "@id": address, "url": address, "name": _text(row, name)}


def _term(name):
    return name and f"https://schema.org/{name}"


def _other_names(*texts):
    return list(dict.fromkeys(line for text in texts for line in text.splitlines()))


def _dates(date, *, stated=True):
    """Nothing for no date; calendar dates only when they are `stated` of the thing itself."""
    if date is None:
        return {}
    found = {"dcterms:date": {"@type": "edtf:EDTF", "@value": str(date)}}
    ends = date.spans[0] if date.precision == "interval" else (date,)
    for name, end in zip(("startDate", "endDate"), ends, strict=False):
        if stated and end and end.precision != "set" and not end.qualifier:
            found[name] = str(end)
    return found


def _place(row):
    place, country = getattr(row, "place", ""), getattr(row, "country", None)
    if not place and not country:
        return None
    address = country and {"@type": "PostalAddress", "addressCountry": country.code}
    name = _text(row, "place") if place else str(country)
    return _filled({"@type": "Place", "name": name, "address": address})


def _participant(row, origin):
    """Somebody in a role; None of those who are not named, as the office of a country is."""
    if row.person:
        who = _person(row.person, origin)
    elif row.organization:
        who = _organization(row.organization, origin)
    elif row.capacity or row.name_as_recorded:
        return None
    else:
        who = _named("Country", row.country, "name", origin)
    office = row.capacity and _text(row, "capacity")
    part = PARTS.get(row.role, "contributor")
    role = {"@type": "Role", "roleName": row.get_role_display(), "description": office, part: who}
    return _filled(role)


def _person(person, origin):
    address = origin + person.get_absolute_url()
    return {"@type": "Person", "@id": address, "url": address, "name": str(person)}


def _organization(body, origin):
    return _named(ORGANIZATIONS.get(body.kind, "Organization"), body, "name", origin)


def _source(source, origin):
    address = origin + source.get_absolute_url()
    return {"@type": "CreativeWork", "@id": address, "url": address, "name": str(source)}


def _office(tenure):
    """An office somebody held: of one that is only seen in sources, nobody knows since when."""
    date = parse(tenure.date_edtf) if tenure.date_edtf else None
    return _filled(
        {
            "@type": "Role",
            "hasOccupation": {"@type": "Occupation", "name": _text(tenure, "title")},
            **_dates(date, stated=tenure.basis == TenureBasis.APPOINTED),
        }
    )
