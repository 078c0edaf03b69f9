"""The guard around django-import-export, which as shipped asks for no permission at all."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.tmp_storages import MediaStorage

from timeline.admin.forms import PublicNote
from timeline.admin.keys import is_key
from timeline.admin.turn import own_turn
from timeline.exchange.formats import FORMATS, UnreadableFile
from timeline.exchange.resources import RESOURCES
from timeline.models.changeset import ChangeKind

MAX_UPLOAD = 10_000_000  # bytes
MAX_AGE = timedelta(hours=12)
FOLDER = "imports"  # in private storage


class UploadForm(PublicNote, ImportForm):
    """The file to import; what is too large is refused before it is read."""

    field_order = ["format", "import_file"]

    def clean_import_file(self):
        upload = self.cleaned_data["import_file"]
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(
                _("The file is larger than %s MB. Split it.") % (MAX_UPLOAD // 1_000_000)
            )
        return upload


class ConfirmForm(PublicNote, ConfirmImportForm):
    """Names the upload that was previewed, under a seal that only its uploader can open."""

    format = forms.ChoiceField(
        choices=[(str(number), number) for number, _format in enumerate(FORMATS)],
        widget=forms.HiddenInput,
    )
    resource = forms.ChoiceField(choices=[("0", "0")], widget=forms.HiddenInput, required=False)

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner = owner
        for name in PublicNote.base_fields:
            self.fields[name].widget = forms.HiddenInput()

    def clean_import_file_name(self):
        try:
            sealed = signing.loads(
                self.cleaned_data["import_file_name"], salt=FOLDER, max_age=MAX_AGE
            )
        except signing.BadSignature:
            sealed = {}
        name, self.looked_at = sealed.pop("name", None), sealed.pop("looked_at", "")
        if sealed != self.owner or not default_storage.exists(f"{FOLDER}/{name}"):
            raise forms.ValidationError(
                _("This upload is not yours, or it has expired. Upload the file again.")
            )
        return name


class Exchange(ImportMixin, ExportActionMixin):
    """Import and export for those who may do by hand what the file does: all of it or nothing."""

    formats = FORMATS
    import_form_class = UploadForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    tmp_storage_class = MediaStorage
    change_form_template = None
    show_change_form_export = False
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_resource_classes(self, request):
        return [RESOURCES[self.model]]

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        options = {"user": request.user}
        if form is not None and form.is_bound:
            options["correction"] = form.correction()
            options["looked_at"] = getattr(form, "looked_at", None)
        return options

    def get_import_data_kwargs(self, **kwargs):
        options = super().get_import_data_kwargs(**kwargs)
        return {**options, "rollback_on_validation_errors": True}

    # The upload

    def get_tmp_storage_class_kwargs(self):
        return {"MEDIA_FOLDER": FOLDER}

    def owner(self, request):
        """Whose upload it is, and for which table."""
        return {
            "user": request.user.pk,
            "session": request.session.session_key,
            "model": self.opts.label_lower,
        }

    def get_confirm_form_kwargs(self, request, import_form=None):
        options = super().get_confirm_form_kwargs(request, import_form)
        return {**options, "owner": self.owner(request)}

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if initial:
            initial |= {name: import_form.cleaned_data[name] for name in PublicNote.base_fields}
        return initial

    def seal(self, request, initial, result):
        """Bind the confirmation to its uploader, and to the rows as the preview found them."""
        sealed = {"name": initial["import_file_name"], "looked_at": result.seen}
        initial["import_file_name"] = signing.dumps(sealed | self.owner(request), salt=FOLDER)

    def write_to_tmp_storage(self, import_file, input_format):
        sweep()
        return super().write_to_tmp_storage(import_file, input_format)

    def add_data_read_fail_error_to_form(self, form, e):
        if not isinstance(e, UnreadableFile):
            raise e
        form.add_error("import_file", str(e))

    # The views

    def import_action(self, request, **kwargs):
        if request.method != "POST":
            return super().import_action(request, **kwargs)
        with own_turn(ChangeKind.IMPORT, request.user):
            response = super().import_action(request, **kwargs)
        form = response.context_data["form"]
        if confirm := response.context_data.get("confirm_form"):
            self.seal(request, confirm.initial, response.context_data["result"])
        else:
            upload = getattr(form, "cleaned_data", {}).get("import_file")
            if name := getattr(upload, "tmp_storage_name", None):
                default_storage.delete(f"{FOLDER}/{name}")
        return response

    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = self.create_confirm_form(request)
        if not form.is_valid():
            sentences = [sentence for errors in form.errors.values() for sentence in errors]
            messages.error(request, " ".join(sentences))
            return HttpResponseRedirect(self.address("import"))
        upload = default_storage.open(f"{FOLDER}/{form.cleaned_data['import_file_name']}")
        with (
            upload,
            own_turn(
                ChangeKind.IMPORT,
                request.user,
                file_name=form.cleaned_data["original_file_name"],
                content=upload.read(),
            ),
        ):
            return super().process_import(request, **kwargs)

    def process_result(self, result, request):
        """Say what was stored, or that nothing was."""
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        messages.error(request, _("Nothing was stored: the records have changed in the meantime."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "opts": self.opts,
            "form": self.get_import_form_class(request)(
                self.get_import_formats(), self.get_import_resource_classes(request)
            ),
            "result": result,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, [self.import_template_name], context)

    def add_success_message(self, result, request):
        totals = result.totals
        messages.success(
            request,
            _("Imported: %(new)s new, %(update)s changed, %(skip)s unchanged.") % totals,
        )

    def get_valid_export_item_pks(self, request):
        chosen = [key for key in request.POST.getlist("export_items") if is_key(key)]
        return self.get_queryset(request).filter(pk__in=chosen).values_list("pk", flat=True)

    def address(self, view):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}")


def sweep():
    """Delete the uploads that nobody confirmed."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - MAX_AGE:
            default_storage.delete(path)
