"""What stands in the cells of a stay."""

from itertools import islice

from timeline.exchange.colt import certain
from timeline.models.codes import Access, Status

# The records say No of one kind of trip alone: nobody did anything on a trip that nobody made.
NEVER_MADE = {Status.CANCELLED, Status.NOT_HELD}


def full_name(person):
    return (person.name_latin or person.name) if person else ""


def duration(stay):
    first, last = certain.first_day(stay.date), certain.last_day(stay.date)
    return (last - first).days + 1 if first and last else ""


def answer(stay, found):
    if found:
        return "Yes"
    return "No" if stay.trip.status in NEVER_MADE else ""


def listed(texts):
    """`texts` without blanks and repetitions, in their order."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def names(rows):
    """People by their names; somebody without one by office and country, as “President (KAZ)”."""
    return listed(
        full_name(row.person) or f"{row.capacity_en} ({row.country.iso3})" for row in rows
    )


def link(number, stay):
    """The address of the source of that number among those that are open and have one."""
    found = (row.url or row.archive_url for row in stay.sources if row.access == Access.PUBLIC)
    return next(islice(filter(None, dict.fromkeys(found)), number - 1, None), "")
