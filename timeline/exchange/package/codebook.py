"""The codebook of the data package: what each file, column and code means, for people."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from timeline import edtf
from timeline.exchange import code_definitions
from timeline.exchange.package.descriptor import ABOUT, FILE_OF, FORM, GUARDED, TITLE
from timeline.exchange.package.tables import TABLES


def codebook(language):
    """The text, in Markdown."""
    with override(language):
        parts = [f"# {TITLE}", str(ABOUT), _licence(), f"{FORM} {GUARDED}", *_dates(language)]
        parts += [part for table in TABLES for part in _table(table)]
        parts.append(f"## {_('Codes')}")
        parts += [part for codes in _code_lists() for part in _codes(codes)]
        return "\n\n".join(parts) + "\n"


def _licence():
    names = ", ".join(settings.DATA_LICENSE) or _("not stated")
    return _("Licence: %(names)s.") % {"names": names}


def _dates(language):
    yield f"## {_('How dates are written')}"
    yield _(
        "A date is as precise as its source and never more. It is kept in the Extended Date/Time "
        "Format (EDTF, ISO 8601-2), with the first and the last possible day beside it."
    )
    rows = ((f"`{text}`", edtf.parse(text).label(language)) for text in edtf.FORMS)
    yield _as_table("EDTF", _("Meaning"), rows=rows)


def _table(table):
    yield f"## {table.name}.csv"
    yield f"{_capital(table.title)}: {table.definition}."
    rows = ((f"`{column.name}`", _kind(column), str(column.definition)) for column in table.columns)
    yield _as_table(_("Column"), _("Cells"), _("What it holds"), rows=rows)


def _kind(column):
    """What the cells of a column are: a code, a key, a text, a number."""
    if column.codes:
        return _("code of %(codes)s") % {"codes": column.codes.__name__}
    if column.refers_to:
        target = FILE_OF[column.refers_to]
        return _("key of %(file)s") % {"file": f"{target.name}.csv"}
    return f"`{column.type}`"


def _code_lists():
    found = (column.codes for table in TABLES for column in table.columns)
    return dict.fromkeys(codes for codes in found if codes)


def _codes(codes):
    yield f"### {codes.__name__}"
    rows = (
        (f"`{code.value}`", str(code.label), str(code_definitions.EACH[codes, code.value]))
        for code in codes
    )
    yield _as_table(_("Code"), _("Label"), _("Meaning"), rows=rows)


def _as_table(*heads, rows):
    lines = (heads, ["---"] * len(heads), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _capital(text):
    text = str(text)
    return text[:1].upper() + text[1:]
