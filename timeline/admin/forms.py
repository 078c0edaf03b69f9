"""The forms behind the admin's pages: what the database would refuse is a sentence in the form."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import text


class PartForm(forms.ModelForm):
    """A form that puts the sentence of a constraint beside the one field it is about."""

    def _update_errors(self, errors):
        errors = errors.update_error_dict({})
        about = self._fields_of_sentences()
        for error in errors.pop(NON_FIELD_ERRORS, []):
            field = about.get(str(error.message), NON_FIELD_ERRORS)
            errors.setdefault(field, []).append(error)
        super()._update_errors(ValidationError(errors))

    def _fields_of_sentences(self):
        about = {}
        for _model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                if isinstance(constraint, CheckConstraint):
                    visible = constraint.condition.referenced_base_fields & self.fields.keys()
                    if len(visible) == 1:
                        about[str(constraint.get_violation_error_message())] = visible.pop()
        return about


class EditedForm(PartForm):
    """The main form of a page: says why the write was refused, and asks why the change is made."""

    refusal = None

    change_reason = forms.CharField(
        label=gettext_lazy("Reason of this change"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history, for those who come after you."),
    )

    def clean_change_reason(self):
        return clean_note(self.cleaned_data["change_reason"])

    def clean(self):
        cleaned = super().clean()
        if self.refusal is not None:
            for name, errors in self.refusal.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, errors)
        return cleaned

    def save(self, commit=True):
        self.instance._change_reason = self.cleaned_data.get("change_reason") or None
        return super().save(commit)


def clean_note(note):
    """Return a note for the history as it may be stored; ValidationError when it may not."""
    try:
        return text.normalize(note, multiline=True)
    except text.UnsafeText as error:
        raise ValidationError(_("This cannot be stored: %s.") % error) from error
