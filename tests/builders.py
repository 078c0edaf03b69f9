"""Rows for tests, from the trips of 2024 and 2026. Each function saves one and returns it."""

from timeline import models
from timeline.models.codes import Access, Role

COUNTRIES = {
    "VN": ("VNM", "Việt Nam", "Viet Nam"),
    "US": ("USA", "Hoa Kỳ", "United States"),
    "CU": ("CUB", "Cuba", "Cuba"),
    "LA": ("LAO", "Lào", "Laos"),
}


def country(code="VN"):
    iso3, name_vi, name_en = COUNTRIES[code]
    names = {"iso3": iso3, "name_vi": name_vi, "name_en": name_en}
    return models.Country.objects.get_or_create(code=code, defaults=names)[0]


def person(name="Tô Lâm", **values):
    return models.Person.objects.create(name=name, **values)


def organization(name_en="United Nations", **values):
    return models.Organization.objects.create(name_en=name_en, **values)


def source(title_en="General Secretary and President To Lam visits the United States", **values):
    return models.SourceDocument.objects.create(
        **{"title_en": title_en, "access": Access.PUBLIC} | values
    )


def tenure(**values):
    given = {"title_vi": "Tổng Bí thư", "title_en": "General Secretary", "date_edtf": "2024-08-03/"}
    if "person" not in values:
        given["person"] = person()
    return models.Tenure.objects.create(**given | values)


def trip(title_en="To Lam in New York", **values):
    return models.Trip.objects.create(
        **{"title_en": title_en, "date_edtf": "2024-09-21/2024-09-24"} | values
    )


def leg(of, code="US", **values):
    return models.TripLeg.objects.create(trip=of, country=country(code), **values)


def meeting(title_en="To Lam meets Joe Biden", **values):
    return models.Meeting.objects.create(
        **{"title_en": title_en, "date_edtf": "2024-09-25"} | values
    )


def agreement(title_en="Boeing 737 MAX purchase", **values):
    return models.Agreement.objects.create(
        **{"title_en": title_en, "date_edtf": "2026-02-18"} | values
    )


def item(of, **values):
    return models.AgreementItem.objects.create(
        **{"agreement": of, "description_en": "Boeing 737-8 aircraft"} | values
    )


def citation(of, **values):
    if "source" not in values:
        values["source"] = source()
    return models.Citation.objects.create(**{of._meta.model_name: of} | values)


def participation(of, **values):
    if not values.keys() & {"person", "organization", "country"}:
        values["person"] = person()
    return models.Participation.objects.create(
        **{of._meta.model_name: of, "role": Role.PARTICIPANT} | values
    )


def correction(of, **values):
    return models.Correction.objects.create(
        **{of._meta.model_name: of, "note_en": "The day was 25 September."} | values
    )


def published(build, title_en, source, **values):
    """A published record with a citation of `source`, made by the function `build`."""
    record = build(title_en, **values)
    citation(record, source=source)
    record.state = "published"
    record.save()
    return record


# How to make one row of each model that nothing else refers to.
ROWS = {
    models.Country: country,
    models.Organization: organization,
    models.Person: person,
    models.SourceDocument: source,
    models.Tenure: tenure,
    models.Trip: trip,
    models.TripLeg: lambda: leg(trip()),
    models.Meeting: meeting,
    models.Agreement: agreement,
    models.AgreementItem: lambda: item(agreement()),
    models.Participation: lambda: participation(trip()),
    models.Citation: lambda: citation(trip()),
    models.Correction: lambda: correction(trip()),
}
