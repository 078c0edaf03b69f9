"""The rows of a part as one form, while others may be deleting some of them."""

from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.utils.translation import gettext as _

from timeline.admin.keys import is_key
from timeline.admin.meanwhile import deleted, signed


class PartFormSet(BaseInlineFormSet):
    """The rows of a part: those that somebody deleted meanwhile become new ones, if typed in."""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.vanished = []
        if self.is_bound:
            self._let_vanished_rows_go()

    def _let_vanished_rows_go(self):
        """Number the rows of the form data anew, without the keys of rows that are not there."""
        total, initial = (self._count(name) for name in ("TOTAL_FORMS", "INITIAL_FORMS"))
        if total is None or initial is None or initial > total or total > self.absolute_max:
            return  # which the management form tells
        alive = {str(key) for key in self.get_queryset().values_list("pk", flat=True)}
        key_name = self.model._meta.pk.name
        rows = [self._row(number) for number in range(total)]
        stored = [row for row in rows[:initial] if row.get(key_name, [""])[0] in alive]
        gone = [row for row in rows[:initial] if row.get(key_name, [""])[0] not in alive]
        if not gone:
            return
        kept = [row for row in gone if self._was_typed_in(row.get(key_name, [""])[0], row)]
        self.data = self.data.copy()
        for number in range(total):
            for name in rows[number]:
                del self.data[f"{self.prefix}-{number}-{name}"]
        for row in kept:
            row.pop(key_name, None)
        for number, row in enumerate([*stored, *kept, *rows[initial:]]):
            for name, values in row.items():
                self.data.setlist(f"{self.prefix}-{number}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(total - len(gone) + len(kept))
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(stored))
        self.__dict__.pop("management_form", None)
        self.__dict__.pop("forms", None)

    def _count(self, name):
        text = self.data.get(f"{self.prefix}-{name}", "")
        return int(text) if is_key(text) else None

    def _row(self, number):
        start = f"{self.prefix}-{number}-"
        return {
            name.removeprefix(start): values
            for name, values in self.data.lists()
            if name.startswith(start)
        }

    def _was_typed_in(self, key, row):
        """Whether a row that is gone had been changed in the form; what it was is told."""
        if "DELETE" in row or not is_key(key):
            return False
        last = self.model.history.filter(id=key).order_by("history_id").last()
        if last is None:
            return False
        before = model_to_dict(last, self.form.base_fields)
        typed = any(
            field.has_changed(before[name], row.get(name, [""])[0])
            for name, field in self.form.base_fields.items()
            if name in before
        )
        if typed:
            self.vanished.append(last)
        return typed

    def clean(self):
        super().clean()
        sentences = [
            _("Somebody deleted a row that you changed (%(by)s). It stands below as a new row.")
            % {"by": signed(last)}
            for last in self.vanished
        ]
        sentences += [
            form.meanwhile.sentence
            for form in self.initial_forms
            if deleted(form) and form.meanwhile and form.meanwhile.refuses
        ]
        if sentences:
            raise ValidationError(sentences)
