"""How to cite a page of the chronicle: as a sentence, in BibTeX and in RIS.

The date is that of the last change of what the page shows, so that a citation says which version
it means and the same page gives the same citation on any day. RIS: the tags of the type `ELEC`
as reference managers write them. BibTeX: an entry `@misc`, read as UTF-8.
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from timeline import edtf, text

# The characters that mean something to TeX, and how each is written to mean itself.
FOR_TEX = str.maketrans(
    {
        **{character: f"\\{character}" for character in "&%$#_"},
        # BibTeX counts braces, escaped ones too.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class Citable:
    """A page as it is cited: `address` is absolute, `changed` the day of its last change."""

    title: str
    address: str
    changed: datetime.date
    language: str
    slug: str

    @property
    def chronicle(self):
        return _("Timeline of diplomacy")

    def as_sentence(self):
        """One line of plain text."""
        day = edtf.parse(self.changed.isoformat()).label(self.language)
        return _("“%(title)s”, %(chronicle)s, version of %(day)s, %(address)s") % {
            "title": self.title,
            "chronicle": self.chronicle,
            "day": day,
            "address": self.address,
        }

    def as_bibtex(self):
        fields = {
            "title": f"{{{self.title.translate(FOR_TEX)}}}",
            "author": f"{{{self.chronicle.translate(FOR_TEX)}}}",
            "year": str(self.changed.year),
            "month": str(self.changed.month),
            "date": self.changed.isoformat(),
            "language": self.language,
            "url": self.address,
        }
        lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.slug},\n{''.join(lines)}}}\n"

    def as_ris(self):
        fields = [
            ("TY", "ELEC"),
            ("TI", self.title),
            ("AU", f"{self.chronicle},"),  # a comma at its end: a body, not a given name
            ("PY", str(self.changed.year)),
            ("DA", f"{self.changed:%Y/%m/%d/}"),
            ("LA", self.language),
            ("UR", self.address),
            ("ID", self.slug),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {text.normalize(value)}\r\n" for tag, value in fields)


# style: (media type, method)
STYLES = {
    "bib": ("application/x-bibtex; charset=utf-8", Citable.as_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", Citable.as_ris),
}
