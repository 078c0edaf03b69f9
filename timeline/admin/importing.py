"""The import of a file at the desk: uploaded, looked at, confirmed; all of it or nothing."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportMixin

from timeline.admin import upload
from timeline.admin.forms import PublicNote
from timeline.admin.upload import Upload
from timeline.exchange.cells import guard
from timeline.exchange.columns import DESCRIBED
from timeline.exchange.intake import AlreadyImportedError, Intake, take_in
from timeline.exchange.public_csv import written
from timeline.exchange.reading import UnreadableFile, read
from timeline.exchange.report import table_of
from timeline.models import ChangeSet
from timeline.writers import let_readers_read

MAX_UPLOAD = 20_000_000  # bytes
MAX_ROWS = 20_000


class UploadForm(PublicNote):
    """The file to import; what is too large is refused before it is read."""

    field_order = ["import_file"]

    import_file = forms.FileField(
        label=gettext_lazy("File to import"),
        widget=forms.ClearableFileInput({"accept": ".csv,.xlsx"}),
        help_text=gettext_lazy("CSV in UTF-8, or XLSX."),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MAX_UPLOAD:
            sentence = _("The file is larger than %s MB. Split it.")
            raise forms.ValidationError(sentence % (MAX_UPLOAD // 1_000_000))
        return file


class ConfirmForm(PublicNote):
    """Names the upload that was looked at, with what the public is told."""

    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()


class Importing(ImportMixin):
    """The library's addresses and button; the run is that of `timeline.exchange.intake`."""

    import_template_name = "admin/import_export/import.html"

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self):
        view, name = self.admin_site.admin_view, f"timeline_{self.opts.model_name}_import"
        return [
            path("import/<slug:token>/report.csv", view(self.report_view), name=f"{name}_report"),
            path(
                "import/<slug:token>/progress/", view(self.progress_view), name=f"{name}_progress"
            ),
            *super().get_urls(),
        ]

    def owner(self, request):
        """Whose upload it is, and for which table."""
        return {
            "user": request.user.pk,
            "session": request.session.session_key,
            "model": self.opts.label_lower,
        }

    def upload_of(self, request, token):
        """The upload `token` of this person, None when it is none of theirs."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        return Upload.of(self.owner(request), token)

    # Look

    def import_action(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        upload.sweep()
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self.import_page(request, form)
        file = form.cleaned_data["import_file"]
        kept = Upload.keep(self.owner(request), file, form.cleaned_data["token"])
        try:
            with kept.open() as stored, read(stored, MAX_ROWS) as table:
                report = self.look(request, kept, table, form.correction())
        except UnreadableFile as error:
            kept.drop()
            form.add_error("import_file", str(error))
            return self.import_page(request, form)
        known = {"report": report, "upload": kept, "is_preview": True}
        if not report.is_clean or report.is_empty:
            kept.drop("file")  # what is told of it can be read for an hour
            return self.import_page(request, form, **known)
        confirmed = {name: form.cleaned_data[name] for name in PublicNote.base_fields}
        known["confirm_form"] = ConfirmForm(initial={"token": kept.token, **confirmed})
        known["earlier"] = ChangeSet.objects.filter(file_hash=kept.hash).first()
        return self.import_page(request, form, **known)

    def look(self, request, kept, table, correction):
        """Run the import without storing anything; keep what is told of each row."""
        let_readers_read()
        with kept.telling() as tell:
            report, _run = take_in(
                Intake(self.model, request.user, correction=correction, tell=tell),
                table,
                commit=False,
                progress=lambda done: kept.note_progress(done, len(table)),
            )
        return report

    def report_view(self, request, token):
        """All rows of the preview as a file."""
        kept = self.upload_of(request, token)
        if kept is None:
            raise Http404
        try:
            rows = table_of(kept.told())
        except FileNotFoundError as error:  # it was stored meanwhile, or swept away
            raise Http404 from error
        name = f"{self.opts.model_name}-preview.csv"
        return StreamingHttpResponse(
            written([guard(cell) for cell in row] for row in rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def progress_view(self, request, token):
        """How far a run is; nothing of one that has not begun, or is somebody else's."""
        kept = self.upload_of(request, token)
        return JsonResponse(kept.progress() if kept else {})

    # Store

    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = ConfirmForm(request.POST)
        kept = form.is_valid() and Upload.of(self.owner(request), form.cleaned_data["token"])
        try:
            if not kept:
                return self.refuse_upload(request, request.POST.get("token", ""))
            with kept.open() as stored, read(stored, MAX_ROWS) as table:
                return self.store(request, kept, table, form.correction())
        except FileNotFoundError:  # another request was quicker, and took the file away
            return self.refuse_upload(request, kept.token)
        except AlreadyImportedError as error:
            return self.tell_run(request, error.act, again=True)
        except UnreadableFile as error:  # the limits are others than an hour ago
            messages.error(request, str(error))
            return HttpResponseRedirect(self.address("import"))

    def store(self, request, kept, table, correction):
        let_readers_read()
        seen = {row["key"]: row["identity"] for row in kept.told()}
        reason = f"import: {kept.name}"
        report, run = take_in(
            Intake(self.model, request.user, reason, previewed=seen, correction=correction),
            table,
            commit=True,
            progress=lambda done: kept.note_progress(done, len(table)),
            upload=kept.token,
            file_name=kept.name,
            file_hash=kept.hash,
        )
        kept.drop()
        if run:
            return self.tell_run(request, run)
        messages.error(request, _("Nothing was stored: see below why."))
        return self.import_page(request, UploadForm(), report=report)

    def refuse_upload(self, request, token):
        runs = ChangeSet.objects.filter(upload=token, user=request.user)
        if upload.is_token(token) and (run := runs.first()):
            return self.tell_run(request, run, again=True)
        messages.error(
            request, _("This upload is not yours, or it has expired. Upload the file again.")
        )
        return HttpResponseRedirect(self.address("import"))

    def tell_run(self, request, run, again=False):
        """Say what was stored, and where it can be looked at and undone."""
        counts = {"new": run.rows_new, "changed": run.rows_changed, "same": run.rows_unchanged}
        sentence = _("Imported: %(new)s new, %(changed)s changed, %(same)s unchanged.") % counts
        if again:
            sentence = _("This upload was stored already, and nothing more was changed.")
        link = reverse("admin:timeline_changeset_change", args=[run.pk])
        told = format_html('{} <a href="{}">{}</a>', sentence, link, _("Look at it or undo it"))
        messages.success(request, told)
        return HttpResponseRedirect(self.address("changelist"))

    # The page

    def import_page(self, request, form, **known):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import: %s") % self.opts.verbose_name_plural,
            "opts": self.opts,
            "form": form,
            "token": upload.new_token(),
            "columns": DESCRIBED[self.model],
            "max_rows": MAX_ROWS,
            **known,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, [self.import_template_name], context)

    def address(self, view):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}")
