"""What belongs to a row and is edited on its page: as locked as the page, which Django sees to.

Each part is one line that opens into its fields, so that sixty of them are sixty lines. Many are
behind their number until somebody wants them.
"""

from django.contrib.admin.utils import display_for_field, flatten

from timeline.admin.forms import PartForm
from timeline.admin.formset import PartFormSet
from timeline.admin.widgets import FIELDS, Choices, remember_choices

MAX_WORD = 70  # characters of a value in the line of a part


class PartRow(PartForm):
    """The form of one part, which knows its line and whether it stands open."""

    shown = ()  # names of fields, from the inline

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        remember_choices(self)

    def line(self):
        """The values of the part, as far as they have words in the language of the page."""
        words = []
        for name in self.shown:
            stem, _, language = name.rpartition("_")
            if language in ("vi", "en"):
                value = getattr(self.instance, stem, None) or getattr(self.instance, name)
            else:
                field = self.instance._meta.get_field(name)
                value = display_for_field(getattr(self.instance, name), field, "")
            if (word := str(value)) and word not in words:
                words.append(word)
        return " · ".join(
            word if len(word) <= MAX_WORD else f"{word[:MAX_WORD]}…" for word in words
        )

    def is_open(self):
        """A new part, one with an error, and one that was changed and not stored."""
        return bool(not self.instance.pk or self.errors or (self.is_bound and self.has_changed()))


class PartInline(Choices):
    """The rows of a part, without the slug and with few buttons."""

    form = PartRow
    formset = PartFormSet
    formfield_overrides = FIELDS
    template = "admin/timeline/part.html"
    many = 10  # more are shown as a number first
    extra = 0
    exclude = ["slug"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.shown = flatten(self.fields)
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Leave out the buttons beside a choice that would drown the row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.is_relation and field is not None:
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field
