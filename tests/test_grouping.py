"""The timeline's headings, and what stands under a trip."""

import pytest
from django.utils.translation import override

from timeline.models import TimelineEntry
from timeline.views.grouping import by_year_and_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


def outline(entries):
    """[(year, month, [entry or (entry, its parts) or "parts < trip", ...]), ...]."""
    return [
        (year["label"], month["label"], [_item(item) for item in month["items"]])
        for year in by_year_and_month(entries)
        for month in year["months"]
    ]


def _item(item):
    parts = [part.slug for part in item["parts"]]
    if item["entry"] is None:
        return f"{' '.join(parts)} < {item['trip'].slug}"
    if parts:
        return item["entry"].slug, parts
    return item["entry"].slug + (f" < {item['trip'].slug}" if item["trip"] else "")


def entries(key):
    return TimelineEntry.objects.select_related("trip").order_by(key)


def test_oldest_first_has_what_belongs_to_a_trip_under_it():
    at_the_end = "2026-boeing-737-max 2026-signings 2026-gaza-opening 2026-greer 2026-trump"
    parts_2024 = ["2024-biden", "2024-diaz-canel", "2024-parolin", "2024-summit-of-the-future"]
    assert outline(entries("oldest_key")) == [
        ("2023", "September", ["comprehensive-strategic-partnership"]),
        ("2024", "September", [("2024-us-cuba", parts_2024)]),
        ("2025", "April", ["trade-negotiations"]),
        ("2025", "November", ["resolution-2803"]),
        (
            "2026",
            "February",
            [
                ("2026-us", ["2026-senators", "2026-signing-ceremony"]),
                "gaza-membership-letter",
                f"{at_the_end} < 2026-us",
            ],
        ),
        (None, None, ["gaza-charter"]),
    ]


def test_newest_first_names_the_trip_of_what_stands_before_it():
    years = outline(entries("newest_key"))
    assert [(year, month) for year, month, _items in years] == [
        *(("2026", "February"), ("2025", "November"), ("2025", "April")),
        *(("2024", "September"), ("2023", "September"), (None, None)),
    ]
    assert years[0][2][:2] == [
        "2026-trump 2026-gaza-opening 2026-greer < 2026-us",
        ("2026-us", ["2026-senators", "2026-signing-ceremony"]),
    ]


def test_parts_in_a_row_name_their_trip_once(client):
    html = client.get("/en/?order=newest&kind=meeting").content.decode()
    assert html.count("In the trip:") == 2
    assert "Part of the trip:" not in html
    assert html.count('aria-labelledby="with-meeting-2026-trump"') == 1
    assert html.count('id="with-meeting-2026-trump"') == 1
    alone = client.get("/en/?person=trump-donald").content.decode()
    assert (alone.count("In the trip:"), alone.count("Part of the trip:")) == (0, 1)
    best = client.get("/en/?q=lam&order=best&kind=meeting").content.decode()
    assert "In the trip:" in best


def test_parts_of_two_trips_are_told_apart():
    trips = [TimelineEntry(pk=pk, kind="trip", slug=f"trip-{pk}") for pk in (1, 2)]
    parts = [
        TimelineEntry(kind="meeting", slug=f"part-{n}", date_edtf="2024-10-02", trip=trips[n // 2])
        for n in range(4)
    ]
    assert outline(parts) == [
        ("2024", "October", ["part-0 part-1 < trip-1", "part-2 part-3 < trip-2"])
    ]


@pytest.mark.parametrize(
    ("date", "heading"),
    [
        ("2024", ("2024", None)),
        ("2024~", ("2024", None)),
        ("2024-02?", ("2024", "February")),
        ("2024-12-31", ("2024", "December")),
        ("2023/2024-02", ("2023", None)),
        ("2023-12/2024", ("2023", "December")),
        ("../2024-02", ("2024", "February")),
        ("/2024", ("2024", None)),
        ("2024-05/..", ("2024", "May")),
        ("[2024,2026]", ("2024", None)),
        ("[2024-03..2024-05]", ("2024", "March")),
        ("", (None, None)),
    ],
)
def test_a_heading_is_as_precise_as_the_date(date, heading):
    entry = TimelineEntry(kind="meeting", slug="x", date_edtf=date)
    assert outline([entry]) == [(*heading, ["x"])]


def test_months_are_named_in_the_language_of_the_page():
    entry = TimelineEntry(kind="meeting", slug="x", date_edtf="2024-09-22")
    with override("vi"):
        assert outline([entry]) == [("2024", "Tháng 9", ["x"])]


def test_a_part_of_another_month_stays_under_its_trip():
    trip = TimelineEntry(pk=1, kind="trip", slug="trip", date_edtf="2024-09-30/2024-10-02")
    parts = [
        TimelineEntry(kind="meeting", slug=slug, date_edtf=date, trip=trip)
        for slug, date in [("first", "2024-09-30"), ("second", "2024-10-02")]
    ]
    assert outline([trip, *parts]) == [("2024", "September", [("trip", ["first", "second"])])]
    assert outline(parts) == [
        ("2024", "September", ["first < trip"]),
        ("2024", "October", ["second < trip"]),
    ]
