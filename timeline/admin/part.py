"""What belongs to a row and is edited on its page: as locked as the page, which Django sees to."""

from timeline.admin.forms import PartForm
from timeline.admin.widgets import FIELDS, Choices


class PartInline(Choices):
    """The rows of a part, without the slug and with few buttons."""

    form = PartForm
    formfield_overrides = FIELDS
    extra = 0
    exclude = ["slug"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Leave out the buttons beside a choice that would drown the row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.is_relation and field is not None:
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field
