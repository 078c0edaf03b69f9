"""The forms behind the admin's pages: what the database would refuse is a sentence in the form."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import text
from timeline.admin.meanwhile import VERSION, Meanwhile, ReadVersion, choice_of, put
from timeline.models.fields import reason


class PartForm(forms.ModelForm):
    """The form of a row that somebody else may be changing, too.

    What a constraint says of one field stands beside that field.
    """

    read_version = ReadVersion()
    meanwhile = None  # what others changed since the form was opened

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields[VERSION].initial = self.instance.version

    def full_clean(self):
        if self.is_bound and self.instance.pk and self.meanwhile is None:
            self._take_theirs()
            if self.data.get(self.add_prefix(VERSION)) != str(self.instance.version):
                self.meanwhile = Meanwhile(self)
                self.data = self.meanwhile.data
                self.__dict__.pop("changed_data", None)
        super().full_clean()

    def _take_theirs(self):
        """Of fields that two people changed: take what is stored where that was chosen."""
        chosen = [self[name] for name in self.initial.keys() & self.fields.keys()]
        chosen = [bound for bound in chosen if choice_of(bound) in self.data]
        if chosen:
            self.data = self.data.copy()
            for bound in chosen:
                put(self.data, bound, self.initial[bound.name])

    def clean(self):
        cleaned = super().clean()
        if self.meanwhile and self.meanwhile.typed:
            self.add_error(None, self.meanwhile.sentence)
            for clash in self.meanwhile.clashes:
                self.add_error(clash.name, _("Somebody else changed this as well: see above."))
            for name in self.meanwhile.uploads:
                self.add_error(name, _("Choose the file again: a page cannot keep it for you."))
        return cleaned

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


def line(label, **options):
    """A line that may stay empty."""
    widget = forms.TextInput({"class": "vTextField"})
    return forms.CharField(label=label, required=False, max_length=300, widget=widget, **options)


class PublicNote(forms.Form):
    """What the public is told when something that it reads is changed."""

    correction_vi = line(gettext_lazy("Public note in Vietnamese"))
    correction_en = line(
        gettext_lazy("Public note in English"),
        help_text=gettext_lazy(
            "What was wrong and is right now. The page of the record shows it with today's date."
        ),
    )
    is_minor = forms.BooleanField(
        label=gettext_lazy("Minor change"),
        required=False,
        help_text=gettext_lazy("As of a misspelt word: the public is told nothing."),
    )

    def clean_correction_vi(self):
        return clean_note(self.cleaned_data["correction_vi"])

    def clean_correction_en(self):
        return clean_note(self.cleaned_data["correction_en"])

    def correction(self):
        """What `timeline.corrections.tell` is to store."""
        names = {"note_vi": "correction_vi", "note_en": "correction_en", "is_minor": "is_minor"}
        return {name: self.cleaned_data.get(field) or "" for name, field in names.items()}


class EditedForm(PublicNote, PartForm):
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
        raise ValidationError(_("This cannot be stored: %s.") % reason(error)) from error
