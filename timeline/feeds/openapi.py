"""The description of what programs may ask for (OpenAPI 3.1), which the tests hold answers to.

It is in English, and the same in every language.
"""

from django.utils.translation import override

from timeline.edtf import FORMS
from timeline.feeds import atom, calendar, entries_json
from timeline.filter_form import Order
from timeline.models import TimelineEntry
from timeline.models.codes import (
    AgreementKind,
    DateBasis,
    MeetingKind,
    Stage,
    Status,
    Verification,
    VisitKind,
)

VERSION = "1.0.0"
TEXT = {"type": "string"}
PRECISIONS = ("day", "month", "year", "interval", "set")


def _text(description="", **more):
    return {"type": "string", **({"description": description} if description else {}), **more}


def _or_null(schema):
    return {**schema, "type": [schema["type"], "null"]}


def _code(codes, description, *, nullable=False):
    """One of a code list; the labels of the codes belong to the description."""
    labels = "; ".join(f"{code}: {label}" for code, label in codes.choices)
    values = [*codes.values, None] if nullable else codes.values
    kind = ["string", "null"] if nullable else "string"
    return {"type": kind, "enum": values, "description": f"{description} {labels}."}


def _object(description, **properties):
    """Every property is there; that others may come is part of the promise to programs."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
    }


def _list(items, description):
    return {"type": "array", "items": items, "description": description}


def _in_both(schema, description):
    return _object(description, vi=schema, en=schema)


def _texts(description):
    return _in_both({"type": ["string", "null"]}, f"{description}; null in a language without one")


def _lists(description):
    return _in_both({"type": "array", "items": {"type": "string"}}, description)


def _schemas():
    slug = _text(pattern="^[-a-zA-Z0-9_]+$")
    moment = {"type": "string", "format": "date-time"}
    day = {"type": ["string", "null"], "format": "date"}
    types = [*VisitKind.values, *MeetingKind.values, *AgreementKind.values]
    when = _object(
        "The date as precisely as it is known",
        edtf=_text(f"Extended Date/Time Format, as in {', '.join(FORMS)}"),
        label=_in_both({"type": "string"}, "The date in words"),
        precision=_text("set: one of these days, months or years", enum=list(PRECISIONS)),
        earliest=day | {"description": "The first day it may have been; null: open or unknown"},
        latest=day | {"description": "The last day it may have been; null: open or unknown"},
        basis=_code(DateBasis, "How the date is known."),
    )
    record = _object(
        "One published trip, meeting or agreement",
        kind=_code(TimelineEntry.Kind, "With `slug` the natural key."),
        slug=slug | {"description": "The public id, unique within its kind"},
        url=_text("The permanent address of its page", format="uri"),
        type=_text("The kind of trip, meeting or agreement", enum=sorted(set(types))),
        status=_code(Status, "Null for agreements.", nullable=True),
        stage=_code(Stage, "How far an agreement had come; null for others.", nullable=True),
        verification=_code(Verification, "Whether a reader has compared it with its sources."),
        sources_differ={"type": "boolean", "description": "Its sources do not agree"},
        title=_texts("Title"),
        summary=_texts("Summary"),
        date={"oneOf": [{"$ref": "#/components/schemas/Date"}, {"type": "null"}]},
        place=_texts("Place; the places of a trip are separated by “; ”"),
        countries=_list(_text(pattern="^[A-Z]{2}$"), "ISO 3166-1 codes of countries concerned"),
        people=_list(slug, "Ids of the people who took part"),
        organizations=_list(slug, "Ids of the organisations that took part"),
        participants=_lists("Who took part, with office and role"),
        sources=_lists("The sources that may be named"),
        trip=_or_null(slug) | {"description": "The id of the trip it belongs to"},
        published_at=moment | {"description": "When it was published"},
        changed_at=moment | {"description": "When what the public reads of it changed last"},
    )
    address = _or_null(_text(format="uri"))
    page = _object(
        f"At most {entries_json.SIZE} records in the order asked for",
        count={"type": "integer", "minimum": 0, "description": "Of all pages together"},
        next=address | {"description": "The address of the records that follow"},
        previous=address | {"description": "The address of the records before"},
        records=_list({"$ref": "#/components/schemas/Record"}, "The records of this page")
        | {"maxItems": entries_json.SIZE},
    )
    return {"Page": page, "Record": record, "Date": when}


# What each parameter of the filters takes; a test compares their names with the filters.
FILTERS = {
    "q": ("Words that all must occur, in any case, with or without tone marks", {}),
    "from": ("Records that may touch this date or what follows it (EDTF)", {}),
    "to": ("Records that may touch this date or what precedes it (EDTF)", {}),
    "dated": ("no: records without a date, which no period has", {"enum": ["no"]}),
    "kind": ("Trips, meetings or agreements", {"enum": TimelineEntry.Kind.values}),
    "status": ("Whether it took place; not of agreements", {"enum": Status.values}),
    "stage": ("How far an agreement had come", {"enum": Stage.values}),
    "country": ("A country concerned (ISO 3166-1 alpha-2)", {"pattern": "^[A-Z]{2}$"}),
    "with": ("With `country`: a second country concerned", {"pattern": "^[A-Z]{2}$"}),
    "person": ("The id of somebody who took part", {}),
    "organization": ("The id of an organisation that took part", {}),
    "order": ("The order of the records", {"enum": Order.values, "default": Order.OLDEST}),
}
PAGING = {
    "after": "The place after which the page begins: follow `next`",
    "before": "The place before which the page ends: follow `previous`",
}


def _parameters():
    described = {
        name: (words, {"type": "string", **more}) for name, (words, more) in FILTERS.items()
    }
    described |= {name: (words, {"type": "string"}) for name, words in PAGING.items()}
    language = {"name": "language", "in": "path", "required": True}
    return {
        "language": language | {"schema": {"type": "string", "enum": ["en", "vi"]}},
        **{
            name: {"name": name, "in": "query", "description": words, "schema": TEXT | more}
            for name, (words, more) in described.items()
        },
    }


def _path(summary, content_type, schema=TEXT, *, paged=False, tagged=False):
    names = ["language", *FILTERS, *(PAGING if paged else ())]
    refused = "A value makes no sense: one line that names it and says what is wrong"
    answers = {
        "200": {"description": summary, "content": {content_type: {"schema": schema}}},
        "304": {"description": "Nothing has changed since the ETag that If-None-Match names"},
        "400": {"description": refused, "content": {"text/plain": {"schema": TEXT}}},
    }
    if not tagged:
        del answers["304"]
    return {
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
        "get": {"summary": summary, "responses": answers},
    }


@override("en")
def description():
    """The whole description, as what `json.dumps` takes."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Timeline of diplomacy",
            "version": VERSION,
            "description": (
                "Trips, meetings and agreements with their sources. All of it is public, is asked "
                "for with GET, and takes the same filters as the timeline page. New properties "
                "may come; none goes or changes its meaning without another major version."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/{language}/timeline.json": _path(
                f"Records, {entries_json.SIZE} a page",
                "application/json",
                {"$ref": "#/components/schemas/Page"},
                paged=True,
                tagged=True,
            ),
            "/{language}/timeline.csv": _path("All records as a table", "text/csv"),
            "/{language}/timeline.atom": _path(
                f"The {atom.SIZE} latest changes as a feed (RFC 4287)",
                "application/atom+xml",
                tagged=True,
            ),
            "/{language}/timeline.ics": _path(
                f"The latest {calendar.LONGEST} records with certain days (RFC 5545)",
                "text/calendar",
                tagged=True,
            ),
        },
        "components": {"parameters": _parameters(), "schemas": _schemas()},
    }
