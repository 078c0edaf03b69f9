"""The entries of one page, grouped by year and month, with what belongs to a trip under it."""

from django.utils.dates import MONTHS


def by_year_and_month(entries):
    """[{"label": "2026" or None, "months": [{"label": "September" or None, "items": [...]}]}].

    An item is {"entry": entry, "parts": [...], "trip": entry or None}. The parts of a trip that
    follow it directly stand under it, whatever month they fall in; a part that stands elsewhere
    is an item of its own and names its trip. No entry changes its place in the order.
    """
    years = []
    item = None
    for entry in entries:
        if item and entry.trip_id and entry.trip_id == item["entry"].pk:
            item["parts"].append(entry)
            continue
        item = {"entry": entry, "parts": [], "trip": entry.trip}
        year, month = _when(entry)
        months = _last(years, str(year) if year else None, "months")
        _last(months, str(MONTHS[month]) if month else None, "items").append(item)
    return years


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
