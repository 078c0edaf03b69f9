"""What belongs to a record, as text on the record's own row: to be read, never to be imported.

Each part is a sentence of its own in the language of who asks, parts are separated by “; ”, and
the keys under which rows stand in their own tables are in brackets.
"""

from timeline.models.codes import Role

SEPARATOR = "; "


def participants(record):
    """Who took part, in the order of the record: name [key], office (role)."""
    return _joined(
        f"{_participant(row)} ({Role(row.role).label})" for row in record.participations.all()
    )


def _participant(row):
    named = [who for who in (row.person, row.organization, row.country) if who]
    texts = [_with_key(who) for who in named]
    if row.capacity:
        texts.insert(1 if row.person else 0, row.capacity)
    return ", ".join(texts)


def sources(record):
    """What is cited, in the order of the keys of the sources: name [key], place in it."""
    citations = sorted(record.citations.all(), key=lambda row: (row.source.slug, row.slug))
    return _joined(
        ", ".join(part for part in (_with_key(row.source), row.place) if part) for row in citations
    )


def legs(trip):
    """The legs in their order: place, country [code], date."""
    return _joined(
        ", ".join(part for part in (leg.place, _with_key(leg.country), leg.date_edtf) if part)
        for leg in trip.legs.all()
    )


def items(agreement):
    """The items in their order: quantity and unit, what it is."""
    return _joined(_item(item) for item in agreement.items.all())


def _item(item):
    if item.quantity is None:
        return item.description
    quantity = f"{item.quantity.normalize():f}"  # 90 and not 90.00
    return f"{quantity} {item.unit}".strip() + f": {item.description}"


def _with_key(row):
    return f"{row} [{row.natural_key()[0]}]"


def _joined(parts):
    return SEPARATOR.join(parts)
