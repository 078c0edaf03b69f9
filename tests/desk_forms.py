"""What somebody would send who fills in the form of a page and knows its hidden fields."""

from types import SimpleNamespace

from tests import desk
from timeline.admin import seen
from timeline.models import (
    EDITED_MODELS,
    Agreement,
    AgreementItem,
    Citation,
    Country,
    Meeting,
    Organization,
    Participation,
    Person,
    SourceDocument,
    Tenure,
    Trip,
    TripLeg,
)

# A field of each form that can be changed by typing into it.
TYPED = ("title_en", "name_en", "note_en", "locator", "capacity_en", "description_en", "place_en")
TYPED += ("name", "first_name")


class Forms:
    """Forms for `rows`, {model: [row, ...]}: new parts are added to the draft among them.

    No new correction: a draft has none.

    `shown` names the fields of the last form that was read, for whom nothing is hidden.
    """

    shown = frozenset()

    def __init__(self, rows):
        trip, deal = rows[Trip][0], rows[Agreement][0]
        person, source, country = rows[Person][1], rows[SourceDocument][1], rows[Country][1]
        self.new = {
            Country: {"code": "JP", "iso3": "JPN", "name_vi": "Nhật Bản", "name_en": "Japan"},
            Organization: {"name_en": "New body", "kind": "other"},
            Person: {"name": "New person"},
            SourceDocument: {"title_en": "New source"},
            Tenure: {"person": person.pk, "title_en": "New office"},
            Trip: {"title_en": "New trip"},
            Meeting: {"title_en": "New meeting"},
            Agreement: {"title_en": "New agreement"},
            TripLeg: {"trip": trip.pk, "country": country.pk, "order": "2"},
            AgreementItem: {"agreement": deal.pk, "description_en": "New item", "order": "2"},
            Participation: {"trip": trip.pk, "person": person.pk, "role": "host", "order": "2"},
            Citation: {"trip": trip.pk, "source": source.pk},
        }

    def of(self, door, cell):
        """The data for the form at the address of `cell`; None where there is none to fill in."""
        if cell.table != "model" or cell.view not in ("add", "change", "delete", "publication"):
            return None
        if cell.view == "delete":
            return {"post": "yes"}
        if cell.view == "publication":
            return {
                "note": "Because.",
                seen.field_of(cell.row): seen.marks([cell.row])[cell.row.pk],
            }
        context = getattr(door.ask("root", "GET", cell), "context_data", None) or {}
        if "adminform" not in context:
            return None
        self.shown = {*context["adminform"].form.fields}
        data = desk.read(SimpleNamespace(context=context))
        if cell.view == "add":
            return data | self.new[cell.model] if cell.model in self.new else None
        typed = next(name for name in TYPED if name in data)
        data |= {typed: f"{data[typed]} anew", "is_minor": "on"}
        if cell.model not in EDITED_MODELS:  # accounts and groups: several choices in one field
            for name in {"groups", "user_permissions", "permissions"} & data.keys():
                data[name] = [str(row.pk) for row in getattr(cell.row, name).all()]
        return data
