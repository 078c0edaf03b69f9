"""The entries of one page, grouped by year and month, with what belongs to a trip under it."""

from itertools import groupby
from operator import itemgetter

from django.utils.dates import MONTHS


def by_year_and_month(entries):
    """[{"label": "2026" or None, "months": [{"label": "September" or None, "items": [...]}]}].

    An item is {"entry": entry, "parts": [...], "trip": entry or None}. The parts of a trip that
    follow it directly stand under it, whatever month they fall in; a part that stands elsewhere
    names its trip, and several of them in a row do it once: see `together`. No entry changes its
    place in the order.
    """
    years = []
    for item in under_trips(entries):
        year, month = _when(item["entry"])
        months = _last(years, str(year) if year else None, "months")
        _last(months, str(MONTHS[month]) if month else None, "items").append(item)
    for year in years:
        for month in year["months"]:
            month["items"] = together(month["items"])
    return years


def under_trips(entries):
    """The items of `by_year_and_month`, without years and months."""
    items = []
    for entry in entries:
        if items and entry.trip_id and entry.trip_id == items[-1]["entry"].pk:
            items[-1]["parts"].append(entry)
        else:
            items.append({"entry": entry, "parts": [], "trip": entry.trip})
    return items


def together(items):
    """`items` with those of one trip in a row as a single one, whose entry is None."""
    found = []
    for trip, of_trip in groupby(items, itemgetter("trip")):
        of_trip = [*of_trip]
        if trip and len(of_trip) > 1:
            of_trip = [{"entry": None, "parts": [i["entry"] for i in of_trip], "trip": trip}]
        found += of_trip
    return found


def _last(groups, label, content):
    """The content of the last group when it has that label, else of a new one."""
    if not groups or groups[-1]["label"] != label:
        groups.append({"label": label, content: []})
    return groups[-1][content]


def _when(entry):
    """(year, month) an entry stands under: that of its beginning, else of its end.

    The month is None where only the year is known, and both are for an entry without a date.
    """
    date = entry.date
    if date is None:
        return None, None
    anchor = date
    while anchor.spans:
        start, *end = anchor.spans[0]
        anchor = start or end[0]
    day = anchor.earliest
    return day.year, None if anchor.precision == "year" else day.month
