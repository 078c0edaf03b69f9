"""What each field means, in one phrase: for files, for the codebook and for the data package.

A field is looked up under its own model, then under what the model shares with others. Fields that
stand together (the two languages of a text, a number and its unit) have their definition together.
"""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from timeline import models
from timeline.models.base import Dated, Edited, Slugged
from timeline.models.record import Record

THE_RECORD = _("what it belongs to; exactly one of them is given")

DEFINITIONS = {
    Edited: {
        "version": _("how often the row was written; tells whether it was changed since"),
    },
    Slugged: {
        "slug": _("small ASCII letters, digits and hyphens; the public id, unique in its table"),
    },
    Dated: {
        "earliest": _("the first possible day; empty when the beginning is open or unknown"),
        "latest": _("the last possible day; empty when the end is open or unknown"),
    },
    models.Country: {
        "code": _("ISO 3166-1 alpha-2, as “VN”"),
        "iso3": _("ISO 3166-1 alpha-3, as “VNM”"),
        "name_vi name_en": _("the usual name, as “Hoa Kỳ” and “United States”"),
        "aliases": _("names that people search for, one on each line"),
    },
    models.Organization: {
        "name_vi name_en": _("the full usual name"),
        "kind": _("what sort of body it is"),
        "country": _("where it belongs; empty for an international body"),
        "aliases": _("abbreviations and other spellings, one on each line"),
    },
    models.Person: {
        "name": _("standard name in its usual order, as “Tô Lâm” and “Donald Trump”"),
        "name_latin": _("Latin form, when the name is written in another script"),
        "sort_name": _("family name first, as “Trump, Donald”"),
        "aliases": _("other names and spellings, one on each line"),
        "country": _("the country this person acts for in the sources"),
        "wikidata_id": _("number of the Wikidata page, when checked"),
    },
    models.Tenure: {
        "person": _("who held the office"),
        "title_vi title_en": _("the office as worded"),
        "country organization": _("where the office belongs"),
        "date_edtf": _("when it was held, or (attested) when sources show it, in EDTF"),
        "basis": _("whether the dates are those of the appointment"),
    },
    models.SourceDocument: {
        "title_vi title_en": _("as printed, or supplied by us"),
        "title_is_supplied": _("whether the document has no title and this one is ours"),
        "kind": _("what sort of document it is"),
        "issuer": _("the body that issued it"),
        "author signatory number": _("as printed"),
        "date_edtf": _("day of issue, in EDTF"),
        "received_edtf": _("day on a receipt stamp, in EDTF"),
        "language": _("the language it is written in"),
        "marking": _("marking of circulation or secrecy, as printed"),
        "access": _("how much of it the public may know"),
        "public_label_vi public_label_en": _("how the public may know a document that is not open"),
        "url": _("where it can be read"),
        "archive_url": _("where a copy of that page is archived"),
        "accessed_on": _("when we read it there"),
        "file": _("the held file, in private storage"),
        "is_held": _("false for a document that another one mentions and that we do not have"),
        "part_of": _("the document it belongs to"),
        "relation": _("how it belongs to that document"),
    },
    Record: {
        "title_vi title_en": _("short and neutral: who, what, where"),
        "summary_vi summary_en": _("two or three sentences in our own words"),
        "date_edtf": _("the date as the sources know it, in EDTF; never more precise than they"),
        "date_basis": _("how the date is known"),
        "date_note_vi date_note_en": _(
            "a remark on the date, such as the date in another time zone"
        ),
        "state": _("how far it is on the way to the public; changed by publishing only"),
        "published_at": _("when the public first saw it after it was last published"),
        "publish_at": _(
            "under embargo until this minute: published before it, the record waits and nobody "
            "outside sees it"
        ),
        "withdrawn_reason": _("why it was withdrawn; internal unless marked"),
        "withdrawn_in_public": _("whether the public may read the reason"),
        "verification": _("how sure we are of it"),
    },
    models.Trip: {
        "kind": _("what the sources call it"),
        "status": _("whether it took place"),
        "purpose_vi purpose_en": _("why the trip was made, as the sources say"),
    },
    models.TripLeg: {
        "trip": _("the trip"),
        "order": _("the place of the leg in the trip"),
        "country": _("the country visited"),
        "place_vi place_en": _("where in that country"),
        "kind": _("what the sources call this visit"),
        "invited_by_vi invited_by_en": _("who invited, with the office as worded"),
        "date_edtf": _("when, in EDTF, if a source gives it for this leg"),
    },
    models.Meeting: {
        "kind": _("what sort of event it was"),
        "mode": _("in person or over a distance"),
        "status": _("whether it took place"),
        "trip": _("the trip it was part of"),
        "part_of": _("the session it was held beside"),
        "country": _("the country where it took place"),
        "place_vi place_en": _("where it took place"),
        "time_zone": _("IANA name, when the local date matters"),
    },
    models.Agreement: {
        "kind": _("what sort of document or deal it is"),
        "stage": _("how far it had come on the date of the record"),
        "trip": _("the trip on which it came about"),
        "meeting": _("the ceremony or meeting where it was signed or handed over"),
        "part_of": _("the set it belongs to"),
        "value_amount": _("value in full units, when a source gives it for this row"),
        "value_currency": _("currency of the value, ISO 4217"),
    },
    models.AgreementItem: {
        "agreement": _("the agreement"),
        "order": _("the place of the item in the agreement"),
        "quantity": _("how many, when the source gives a number"),
        "unit": _("of what"),
        "description_vi description_en": _("what it is"),
    },
    models.Participation: {
        "trip meeting agreement": THE_RECORD,
        "person": _("who took part; empty when the source names an office and no person"),
        "organization": _("the body that took part, or for which the person did"),
        "country": _(
            "the country this participant acts for; a person, a body or a country is always given"
        ),
        "role": _("what the participant did there"),
        "capacity_vi capacity_en": _("the office as worded at that time"),
        "name_as_recorded": _("the spelling in the source, when it differs"),
        "order": _("the place in the list"),
    },
    models.Citation: {
        "source": _("the document"),
        "trip meeting agreement tenure": THE_RECORD,
        "locator": _("section and paragraph in the document"),
        "locator_vi": _("the same in Vietnamese; empty where the other one will do"),
        "statement_vi statement_en": _("what this source says here, in our own words"),
        "stance": _("how the source stands to what is recorded"),
        "note": _("internal, never public"),
    },
    models.Correction: {
        "trip meeting agreement": THE_RECORD,
        "corrected_at": _("when it was corrected"),
        "note_vi note_en": _("what was wrong and is right now"),
    },
}
EACH = {
    (model, name): definition
    for model, definitions in DEFINITIONS.items()
    for names, definition in definitions.items()
    for name in names.split()
}


LANGUAGES = {"_vi": _("in Vietnamese"), "_en": _("in English")}


def definition_of(model, name):
    """The definition of the field `name` of `model`; LookupError when nobody has written it."""
    for owner in model.__mro__:
        if (owner, name) in EACH:
            definition = EACH[owner, name]
            language = LANGUAGES.get(name[-3:])
            return format_lazy("{} ({})", definition, language) if language else definition
    raise LookupError(f"{model.__name__}.{name} has no definition in exchange/definitions.py")
