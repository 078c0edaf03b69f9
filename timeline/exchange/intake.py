"""A file taken in: each row compared with what is stored, checked, and written or refused.

The preview and the import are the same run; the preview is rolled back. Rows are known by their
natural keys. A blank cell leaves what is stored as it is, the marker clears it. A `state` goes
through `timeline.publication`. A `version` that is not the stored one is refused.
"""

import logging
from copy import copy
from itertools import islice

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from timeline import bulk, corrections, protection, publication
from timeline.exchange.columns import COLUMNS, STATE, VERSION
from timeline.exchange.report import CHANGED, NEW, REFUSED, UNCHANGED, Report, Row
from timeline.exchange.values import cell_of
from timeline.models import ChangeSet
from timeline.models.changeset import ChangeKind
from timeline.turn import own_turn

CHUNK = 500  # rows that are compared and written together
MAX_REFUSED = 1000  # rows; of the rest of such a file nothing new is learnt
MAX_DEPTH = 30  # of rows that belong to rows of the same file
MAX_STEPS = 500  # of publication, which are taken one by one

logger = logging.getLogger(__name__)


class Intake:
    """One run of one file for the table of `model`, by `user`.

    `previewed` is what the preview told of each row, {key: `Row.identity()`}: a row of which that
    is no longer true is refused. `correction` is what the public is told (see
    `corrections.tell`). `tell` is called with each `Row`, `progress` with the number of rows done.
    """

    def __init__(self, model, user, reason="", *, previewed=None, correction=None, tell=None):
        self.model, self.user, self.reason = model, user, reason
        self.previewed, self.correction = previewed, correction or {}
        self.report = Report(tell)
        self.key = model.natural_key_field
        self.fields = {
            name: model._meta.get_field(name)
            for name in COLUMNS[model]
            if name not in (STATE, VERSION)
        }
        self.cells = {name: cell_of(field) for name, field in self.fields.items()}
        self.relations = [name for name, field in self.fields.items() if field.is_relation]
        # Relations are looked up already; the other fields no file writes.
        written = self.fields.keys() - set(self.relations)
        self.unwritten = {f.name for f in model._meta.fields} - written
        self.touched, self.steps = set(), []

    def run(self, table, progress=None):
        """Take in `table`; return the report. Nothing counts unless `report.is_clean`.

        Belongs into a transaction that is rolled back when it is not.
        """
        self.headers = table.headers
        self.report.check_headings(self.model, table.headers)
        if not self.report.sentences:
            self._check_keys(table)
        if not self.report.sentences:
            for done, chunk in self._chunks(table):
                self._take(chunk)
                if progress:
                    progress(done)
                if self.report.counts[REFUSED] > MAX_REFUSED:
                    self.report.is_cut = True
                    break
        if self.report.is_clean:
            self._finish()
        return self.report

    # The order of the rows

    def _check_keys(self, table):
        """Refuse a file that names a row twice, or not at all."""
        place = table.headers.index(self.key)
        seen, repeated = {}, []
        for number, cells in table:
            key = name_of(cells[place])
            if not key:
                self.report.sentences.append(
                    _("Row %(row)s has no key: every row needs one in the column %(column)s.")
                    % {"row": number, "column": self.key}
                )
            elif key in seen:
                repeated.append(f"{key} ({seen[key]}, {number})")
            seen.setdefault(key, number)
            if len(repeated) + len(self.report.sentences) > 20:
                break
        if repeated:
            self.report.sentences.append(
                _("Rows that appear more than once: %s.") % ", ".join(repeated[:20])
            )
        self.keys = seen.keys()

    def _chunks(self, table):
        """Yield (rows done, [(number, key, cells by column)]); a row comes behind one it names.

        Only of its own table and file: rows of other tables are there before.
        """
        of_own_table = [n for n in self.relations if self.fields[n].related_model is self.model]
        own = [name for name in of_own_table if name in self.headers]
        place = self.headers.index(self.key)
        done, taken, waiting = 0, set(), []

        def can_go(row):
            named = {name_of(row[2][name]) for name in own}
            return not any(key in self.keys and key not in taken for key in named)

        def first():
            for number, cells in table:
                row = number, name_of(cells[place]), dict(zip(self.headers, cells, strict=True))
                if can_go(row):
                    yield row
                else:
                    waiting.append(row)

        coming = first()
        for _depth in range(MAX_DEPTH):
            while chunk := list(islice(coming, CHUNK)):
                done += len(chunk)
                yield done, chunk
                taken.update(key for _number, key, _cells in chunk)
            free = [row for row in waiting if can_go(row)]
            waiting[:] = [row for row in waiting if not can_go(row)]
            coming = iter(free)
        while waiting:  # they belong to each other: as stored rows may, and new ones cannot
            chunk, waiting[:] = waiting[:CHUNK], waiting[CHUNK:]
            done += len(chunk)
            yield done, chunk

    # The rows

    def _take(self, chunk):
        keys = [key for _number, key, _cells in chunk]
        found = self.model.objects.filter(**{f"{self.key}__in": keys})
        stored = {row.natural_key()[0]: row for row in found}
        prefetch_related_objects(list(stored.values()), *self.relations)
        gone = self._gone(set(keys) - stored.keys())
        for name in self.relations:
            self.cells[name].look_up(cells.get(name) for _number, _key, cells in chunk)
        rows = []
        for number, key, cells in chunk:
            row = Row(number, key, before=stored.get(key))
            self._compare(row, cells, key in gone)
            if row.outcome != UNCHANGED:
                self._check(row)
            rows.append(row)
        self._protect([row for row in rows if row.is_written])
        if self.previewed is not None:
            for row in rows:
                self._check_against_preview(row)
        self._write([row for row in rows if row.is_written])
        for row in rows:
            self.report.add(row)
        self.steps += [row for row in rows if row.step and not row.refusals]

    def _gone(self, keys):
        """Those of `keys` that a row once had which is deleted, or has another one now."""
        if VERSION not in self.headers or not keys:
            return set()
        former = self.model.history.filter(**{f"{self.key}__in": keys})
        return set(former.values_list(self.key, flat=True))

    def _compare(self, row, cells, is_gone):
        """Read the cells of a row; note what is not as it is stored, and what cannot be read."""
        instance = copy(row.before) if row.before else self.model(**{self.key: row.key})
        row.instance = instance
        for name, cell in self.cells.items():
            given = cells.get(name, "")
            if name == self.key or (isinstance(given, str) and not given.strip()):
                continue
            old = getattr(row.before, name) if row.before else None
            try:
                new = cell.cleared() if given is None else cell.read(given)
            except ValidationError as error:
                row.refuse(name, self._of_own_file(name, given) or error)
                continue
            if row.before is None or new != old:
                setattr(instance, name, new)
                row.note(name, cell.render(old), cell.render(new))
        self._compare_state(row, cells.get(STATE, ""))
        self._compare_version(row, cells.get(VERSION, ""), is_gone)

    def _of_own_file(self, name, given):
        """What is said of a row that is not there yet and stands in the file itself."""
        is_own = self.fields[name].related_model is self.model
        if not (is_own and name_of(given) in self.keys):
            return None
        return ValidationError(
            _(
                "“%s” stands in this file, but belongs to this row itself, or is reached through "
                "too many others: import it first."
            )
            % name_of(given)[:200]
        )

    def _compare_state(self, row, state):
        if state is None:
            row.refuse(STATE, ValidationError(_("This column cannot be cleared.")))
        elif str(state).strip() not in ("", getattr(row.instance, STATE, "")):
            row.note(STATE, row.before.state if row.before else "", str(state).strip())

    def _compare_version(self, row, version, is_gone):
        """A file that was made of an older version would undo what was done since."""
        if version is None or not (version := str(version).strip()):
            return
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            sentence = _("“%s” is no number of a version.") % version[:60]
            row.refuse(VERSION, ValidationError(sentence))
        elif is_gone:
            sentence = _("This row was deleted or renamed since this file was made.")
            row.refuse(VERSION, ValidationError(sentence))
        elif row.before and row.changes and int(version) != row.before.version:
            sentence = _(
                "“%(row)s” was changed since this file was made: it has the version %(stored)s, "
                "and the file says %(version)s. Export it again."
            )
            values = {"row": row.key, "stored": row.before.version, "version": version}
            row.refuse(VERSION, ValidationError(sentence % values))

    def _check(self, row):
        """The rules of the form: rights, and what the model says of its own values."""
        action = "change" if row.before else "add"
        right = f"timeline.{action}_{self.model._meta.model_name}"
        refused = {column for column, _sentence in row.refusals}
        try:
            if not self.user.has_perm(right):
                raise ValidationError(_("You may not do this: it takes the right “%s”.") % right)
            for name in set(self.relations) - refused:
                empty = getattr(row.instance, f"{name}_id") is None
                if empty and not self.fields[name].null:
                    row.refuse(name, ValidationError(_("Every row needs this column.")))
            row.instance.clean_fields(exclude=self.unwritten | refused)
            if not row.refusals:
                row.instance.clean()
        except ValidationError as error:
            row.refuse("", error)
        if getattr(row.instance, "is_scheduled", False) and not row.instance.is_embargoed:
            row.remarks.append(_("Its embargo ends with this: it becomes public at once."))

    def _protect(self, rows):
        """Refuse what the public reads, or would read, to those who may not change that."""
        changes = [(row.before, row.instance) for row in rows]
        for row, error in zip(rows, protection.refusals(self.user, changes), strict=True):
            if error:
                row.refuse("", error)

    def _check_against_preview(self, row):
        then = self.previewed.get(row.key)
        if row.refusals or row.identity() == then:
            return
        version = then and then[1]
        if row.version != version:
            if row.before is None:
                sentence = _("“%(row)s” was deleted since the preview.")
            elif version is None:
                sentence = _("“%(row)s” was made by somebody else since the preview.")
            else:
                sentence = _(
                    "“%(row)s” was changed since the preview: it has the version %(now)s now, and "
                    "had %(then)s then."
                )
        else:
            sentence = _("“%(row)s”, or what it refers to, is another row than in the preview.")
        values = {"row": row.key, "now": row.version, "then": version}
        row.refuse("", ValidationError(sentence % values))

    def _write(self, rows):
        """Write `rows` together; where the database refuses, find out which and why."""
        touched, refused = bulk.save_possible([row.instance for row in rows], self.reason)
        self.touched |= touched
        reasons = {id(instance): self._reason(instance, error) for instance, error in refused}
        for row in rows:
            if id(row.instance) in reasons:
                row.refuse("", reasons[id(row.instance)])

    def _reason(self, instance, error):
        """Why the database refuses a row, in the words of the constraint."""
        try:
            instance.validate_unique()
            instance.validate_constraints()
        except ValidationError as known:
            return known
        if isinstance(error, ValidationError):
            return error
        logger.error("The database refuses %s: %s", instance.natural_key()[0], error)
        return ValidationError(_("The database refuses this row; the log of the server says why."))

    # The end

    def _finish(self):
        """What is true of the file as a whole, once its rows are written."""
        try:
            protection.refuse_incomplete(self.touched)
            if protection.is_of_a_record(self.model):
                corrections.tell(self.touched, **self.correction)
            if len(self.steps) > MAX_STEPS:
                sentence = _("%(rows)s rows change their state; at most %(most)s can in one file.")
                raise ValidationError(sentence % {"rows": len(self.steps), "most": MAX_STEPS})
        except ValidationError as error:
            self.report.sentences += error.messages
            return
        for row in self.steps:
            try:
                publication.move_to(row.step, row.instance, self.user, self.reason)
            except (ValidationError, PermissionDenied) as error:
                reason = " ".join(getattr(error, "messages", [str(error)]))
                sentence = _("Row %(row)s: %(reason)s") % {"row": row.number, "reason": reason}
                self.report.sentences.append(sentence)


def name_of(cell):
    """The natural key in a cell."""
    return "" if cell is None else str(cell).strip()


class AlreadyImportedError(Exception):
    """The upload was confirmed before; `act` is the ChangeSet of that."""

    def __init__(self, act):
        super().__init__(str(act))
        self.act = act


class _NotStoredError(Exception):
    """Rolls a run back."""


def take_in(intake, table, *, commit, progress=None, **act):
    """Run `intake` in a transaction of its own; return the report and the ChangeSet or None.

    Stored is all of it or nothing: nothing without `commit`, and nothing unless the report is
    clean and something differs. `act` are columns of the ChangeSet. Raises AlreadyImportedError
    for an upload that was stored before, or by another request while this one waited for its turn.
    """
    act["table"] = intake.model._meta.model_name
    try:
        with own_turn(ChangeKind.IMPORT, intake.user, **act) as made:
            upload = act.get("upload")
            if upload and (done := ChangeSet.objects.filter(upload=upload).first()):
                raise AlreadyImportedError(done)
            report = intake.run(table, progress)
            if not (commit and report.is_clean) or report.is_empty:
                raise _NotStoredError
            run = made.change_set()
            for outcome in (NEW, CHANGED, UNCHANGED):
                setattr(run, f"rows_{outcome}", report.counts[outcome])
            run.save()
    except _NotStoredError:
        return report, None
    return report, run
