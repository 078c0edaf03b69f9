"""What a file would do, or did: row by row for who wants to read it, in sums for all."""

from collections import Counter
from dataclasses import asdict, dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from timeline.exchange.columns import COLUMNS, SHOWN, STATE

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
MAX_SHOWN = 50  # rows of each outcome; the others stand in the report as a file
MAX_TEXT = 400  # characters of one cell on a page
AROUND = 30  # characters in front of the place where two texts begin to differ


def cut(text, start):
    """The part of `text` from `start` on that a page can show."""
    return (
        f"{'…' if start else ''}{text[start : start + MAX_TEXT]}"
        f"{'…' if len(text) > start + MAX_TEXT else ''}"
    )


@dataclass(frozen=True)
class Change:
    """One cell: the text that is stored and the one that the file has."""

    column: str
    old: str
    new: str

    @property
    def is_cleared(self):
        return bool(self.old and not self.new)

    def in_short(self):
        """Both texts from where they begin to differ, no longer than a page can show."""
        pairs = enumerate(zip(self.old, self.new, strict=False))
        shorter = min(len(self.old), len(self.new))
        same = next((place for place, (old, new) in pairs if old != new), shorter)
        start = same - AROUND if same > 2 * AROUND else 0
        return {"old": cut(self.old, start), "new": cut(self.new, start)}


@dataclass
class Row:
    """One row of a file: where it stands, what it changes, why it is refused."""

    number: int
    key: str
    before: object = None  # the row as it is stored
    instance: object = None  # as it is to be
    changes: list[Change] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)  # (column or "", sentence)
    remarks: list[str] = field(default_factory=list)  # what follows and no cell says

    @property
    def outcome(self):
        if self.refusals:
            return REFUSED
        if self.before is None:
            return NEW
        return CHANGED if self.changes else UNCHANGED

    @property
    def version(self):
        """That of the row as it is stored, None when it is not."""
        return self.before.version if self.before else None

    @property
    def step(self):
        """The state the file wants for a record that has another one, else None."""
        return next((change.new for change in self.changes if change.column == STATE), None)

    @property
    def is_written(self):
        """Whether there is more to store than a step of publication."""
        written = any(change.column != STATE for change in self.changes)
        return not self.refusals and (self.before is None or written)

    @property
    def cleared(self):
        return [change for change in self.changes if change.is_cleared]

    def identity(self):
        """What has to be the same when the row is stored as when it was looked at.

        With the rows of other tables that it newly refers to: a key may have come to another row.
        """
        model = type(self.instance)
        relations = (f for f in model._meta.fields if f.related_model not in (None, model))
        others = {field.name: field.attname for field in relations}
        changed = [others[change.column] for change in self.changes if change.column in others]
        referred = [getattr(self.instance, name) for name in changed]
        return [self.outcome, self.version, self.before and self.before.pk, referred]

    def note(self, column, old, new):
        if old != new:
            self.changes.append(Change(column, old, new))

    def refuse(self, column, error):
        """Add the sentences of a ValidationError, which may name columns of its own."""
        if hasattr(error, "error_dict"):
            for name, sentences in error.message_dict.items():
                column = "" if name == NON_FIELD_ERRORS else name
                self.refusals.append((column, " ".join(sentences)))
        else:
            self.refusals.append((column, " ".join(error.messages)))

    def told(self):
        """All of it as plain values, for the report that is kept."""
        return {
            "number": self.number,
            "key": self.key,
            "outcome": self.outcome,
            "identity": self.identity(),
            "changes": [asdict(change) for change in self.changes],
            "refusals": self.refusals,
            "remarks": self.remarks,
        }


class Report:
    """What is told of a run. `tell` gets each row, of which the report keeps only the first."""

    def __init__(self, tell=None):
        self.tell = tell
        self.counts = Counter()
        self.cleared, self.rows_cleared = 0, 0  # cells, and rows that have any of them
        self.sentences = []  # why the file as a whole is refused
        self.missing, self.shown = [], []  # columns
        self.rows = {outcome: [] for outcome in (REFUSED, CHANGED, NEW)}
        self.clearing = []
        self.is_cut = False  # whether the rest of the file was not looked at

    @property
    def is_clean(self):
        return not self.sentences and not self.counts[REFUSED]

    @property
    def is_empty(self):
        """Whether there is nothing to store."""
        return not (self.counts[NEW] or self.counts[CHANGED])

    def check_headings(self, model, headers):
        """Refuse unknown columns and a missing key; note what is missing and what is not read."""
        key = model.natural_key_field
        shown = {column.name for column in SHOWN.get(model, ())}
        self.shown = [name for name in headers if name in shown]
        self.missing = [name for name in COLUMNS[model] if name not in headers]
        known = {*COLUMNS[model], *self.shown}
        if unknown := [name for name in headers if name not in known]:
            sentence = _("Unknown columns: %(unknown)s. The columns are: %(known)s.")
            names = {"unknown": ", ".join(unknown), "known": ", ".join(COLUMNS[model])}
            self.sentences.append(sentence % names)
        if key not in headers:
            self.sentences.append(_("The column %s is missing.") % key)

    def add(self, row):
        self.counts[row.outcome] += 1
        self.cleared += len(row.cleared)
        if row.outcome in self.rows and len(self.rows[row.outcome]) < MAX_SHOWN:
            self.rows[row.outcome].append(row)
        self.rows_cleared += bool(row.cleared)
        if row.cleared and len(self.clearing) < MAX_SHOWN:
            self.clearing.append(row)
        if self.tell:
            self.tell(row)


HEADINGS = ("row", "key", "outcome", "column", "stored", "in_the_file", "reason")


def table_of(told):
    """Yield the heading and the rows of the report as a file: one for each change and refusal."""
    yield HEADINGS
    for row in told:
        start = [str(row["number"]), row["key"], row["outcome"]]
        for change in row["changes"]:
            yield [*start, change["column"], change["old"], change["new"], ""]
        for column, sentence in [*row["refusals"], *(("", remark) for remark in row["remarks"])]:
            yield [*start, column, "", "", sentence]
        if not row["changes"] and not row["refusals"]:
            yield [*start, "", "", "", ""]
