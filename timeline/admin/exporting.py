"""The export of a list at the desk: all of it, what a filter shows, or the rows that are chosen."""

from contextlib import ExitStack
from tempfile import TemporaryFile
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportActionMixin

from timeline.admin.keys import is_key
from timeline.exchange.leaving import Leaving
from timeline.exchange.writing import FORMATS, UnwritableText
from timeline.snapshot import within_snapshot


class ExportForm(forms.Form):
    """In which format, and which rows: all of the list when none are named."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[(str(number), known.title) for number, known in enumerate(FORMATS)],
    )
    export_items = forms.Field(widget=forms.MultipleHiddenInput, required=False)

    def clean_format(self):
        return FORMATS[int(self.cleaned_data["format"])]

    def clean_export_items(self):
        keys = self.cleaned_data["export_items"] or []
        if not all(map(is_key, keys)):
            raise forms.ValidationError(_("The rows that were chosen could not be understood."))
        return keys


class Exporting(ExportActionMixin):
    """The library's addresses, buttons and filters; the rows are those of `Leaving`."""

    change_form_template = None
    show_change_form_export = False

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def export_action(self, request):
        if not self.has_export_permission(request):
            raise PermissionDenied
        wanted = self.get_export_queryset(request)
        try:
            wanted.exists()  # a filter that makes no sense is told here, not half-way
        except ValueError as error:
            raise IncorrectLookupParameters from error
        form = ExportForm(request.POST or None)
        if form.is_valid():
            if keys := form.cleaned_data["export_items"]:
                wanted = wanted.filter(pk__in=keys)
            try:
                return self.export_file(request, wanted, form.cleaned_data["format"])
            except UnwritableText as error:
                form.add_error("format", str(error))
        return self.export_page(request, form)

    def export_admin_action(self, request, queryset):
        """The page that asks for the format, for chosen rows."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        form = ExportForm(initial={"export_items": queryset.values_list("pk", flat=True)})
        query = f"?{urlencode(request.GET)}" if request.GET else ""
        return self.export_page(request, form, export_url=f"{self.address('export')}{query}")

    def export_page(self, request, form, **known):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export"),
            "opts": self.opts,
            "form": form,
            "headings": Leaving(self.model.objects.none(), request.user).headings,
            **known,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, [self.export_template_name], context)

    def export_file(self, request, queryset, known):
        """The rows of `queryset` in that format. Raises UnwritableText."""
        pieces = within_snapshot(known.pieces(Leaving(queryset, request.user)))
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{known.extension}"
        if not known.may_refuse:
            return StreamingHttpResponse(
                pieces,
                content_type=known.content_type,
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        with ExitStack() as until_answered:
            file = until_answered.enter_context(TemporaryFile())
            file.writelines(pieces)
            file.seek(0)
            until_answered.pop_all()  # the response closes it
        return FileResponse(
            file, as_attachment=True, filename=name, content_type=known.content_type
        )
