"""Files in and out at the desk, which django-import-export as shipped lets anybody do."""

from timeline.admin.exporting import Exporting
from timeline.admin.importing import Importing


class Exchange(Importing, Exporting):
    """Import and export for those who may do by hand what the file does: all of it or nothing."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
