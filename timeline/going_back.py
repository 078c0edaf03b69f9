"""Going back: a row and its parts as they once were, a deleted row, an act that is undone.

Each is a plan first, to be looked at, and then written whole or not at all, as an act of its own.
What was published is not: an earlier version brings its text back, and never its state.
"""

from collections import defaultdict
from contextlib import contextmanager
from itertools import chain, compress, groupby, islice
from operator import attrgetter, itemgetter

from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Subquery, prefetch_related_objects
from django.utils.translation import gettext as _

from timeline import bulk, corrections, protection, publication, versions
from timeline.models import EDITED_MODELS, PARTS, RECORDS, Correction
from timeline.models.codes import State
from timeline.models.record import OF_PUBLICATION, Record

MAX_ROWS = 25_000  # of a plan made for a page; it is in memory as a whole
CHUNK = 500  # rows that are written together
MAX_TOLD = 50  # sentences of one kind


class Plan:
    """What has to be written: {(model, id): the version to bring back, or None to delete}.

    `states` says to which state records have to be led back: {(model, id): state}.
    """

    def __init__(self, wanted, obstacles=(), states=None):
        self.found = stored_rows(wanted)
        self.wanted = {
            row: version for row, version in wanted.items() if self._differs(row, version)
        }
        self._obstacles = list(obstacles)
        self.steps = {
            row: (record, states[row])
            for row, record in stored_rows(states or {}).items()
            if record
        }

    @property
    def is_empty(self):
        return not (self.wanted or self.steps)

    def _differs(self, row, version):
        stored = self.found[row]
        if stored is None or version is None:
            return (stored is None) != (version is None)
        fixed = {*OF_PUBLICATION, "publish_at"} if is_published(stored) else OF_PUBLICATION
        fields = (f for f in versions.written_fields(row[0]) if f.name not in fixed)
        return any(getattr(stored, f.attname) != getattr(version, f.attname) for f in fields)

    def changes(self, most=None):
        """What would change, in words, as `versions.RowChange`; of the first rows, when `most`."""
        rows = list(islice(self.wanted, most))
        now = last_versions(row for row in rows if self.found[row])
        then = {row: self.wanted[row] for row in rows if self.wanted[row]}
        return versions.compare(now, then, without=OF_PUBLICATION)

    def obstacles(self, user):
        """Why `user` cannot do this, as sentences."""
        sentences = list(self._obstacles)
        locked = self._locked(user)
        for (model, key), version in self.wanted.items():
            stored = self.found[model, key]
            action = "delete" if version is None else "change" if stored else "add"
            right = f"{action}_{model._meta.model_name}"
            if not user.has_perm(f"timeline.{right}"):
                sentences.append(_("You may not do this: it takes the right “%s”.") % right)
            if stored in locked:
                sentences.append(protection.locked_sentence(stored))
        sentences += [
            _("“%s” would go as well, or be without what it refers to.") % other
            for other in self._left_over()
        ]
        sentences += chain.from_iterable(
            self._step_obstacles(user, *step) for step in self.steps.values()
        )
        return in_short(list(dict.fromkeys(sentences)))

    def _step_obstacles(self, user, record, state):
        verbs = publication.way_back(record.state, state)
        names = {"record": record, "old": record.get_state_display(), "new": State(state).label}
        if verbs is None:
            yield _("“%(record)s” cannot go back from “%(old)s” to “%(new)s”.") % names
        for verb in verbs or ():
            if not publication.may(user, verb, record):
                right = f"{publication.TRANSITIONS[verb][0]}_{record.kind_of_record}"
                yield _("You may not do this: it takes the right “%s”.") % right

    def steps_told(self, most=MAX_TOLD):
        """What becomes of the state of records, as sentences; of the first ones."""
        return [
            _("“%(record)s” goes back from “%(old)s” to “%(new)s”.")
            % {"record": record, "old": record.get_state_display(), "new": State(state).label}
            for record, state in islice(self.steps.values(), most)
        ]

    def _locked(self, user):
        """The stored rows that `user` may not change."""
        stored = (row for row in self.wanted if self.found[row])
        locked = set()
        for some in chunks(sorted(stored, key=lambda row: row[0].__name__)):
            rows = [self.found[row] for row in some]
            locked.update(compress(rows, protection.locked(user, rows)))
        return locked

    def _left_over(self):
        """The rows that need, or belong to, what is to be deleted, and are not in the plan."""
        going = [row for row, version in self.wanted.items() if version is None]
        collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=())
        for model in dict.fromkeys(model for model, _key in going):
            collector.collect([self.found[row] for row in going if row[0] is model])
        there = {*collector.protected, *chain.from_iterable(collector.data.values())}
        planned = {self.found[row] for row in self.wanted} - {None}
        return sorted((row for row in there if row not in planned and is_edited(row)), key=str)

    def shown_records(self):
        """The published records that this changes: of which rows are parts now, or are to be."""
        keys = defaultdict(set)
        for (model, key), version in self.wanted.items():
            for kind, record in RECORDS.items():
                for row in (self.found[model, key], version):
                    found = key if model is record else getattr(row, f"{kind}_id", None)
                    keys[record].add(found)
        return [
            row
            for model in keys
            for row in model.objects.published().filter(pk__in=keys[model] - {None})
        ]

    def carry_out(self, user, reason="", **correction):
        """Write it all; raises ValidationError with sentences when something cannot be.

        `reason` is that of withdrawals, `correction` what the public is told.
        """
        if sentences := self.obstacles(user):
            raise ValidationError(sentences)
        for record, state in self.steps.values():
            publication.take_back(state, record, user, reason or _("undone"))
        self.found |= stored_rows(self.steps.keys() & self.wanted.keys())
        touched = set()
        rows = self._in_order()
        for going in chunks([row for row in reversed(rows) if self.wanted[row] is None]):
            touched |= self._delete([self.found[row] for row in going])
        for coming in chunks([row for row in rows if self.wanted[row] is not None]):
            touched |= self._bring_back(coming, user)
        protection.refuse_incomplete(touched)
        corrections.tell(touched, **correction)

    def _delete(self, rows):
        model = type(rows[0])
        if model in RECORDS.values():
            for row in rows:
                protection.refuse_deletion(row)
        return self._told(model, bulk.delete_all(rows))

    def _told(self, model, touched):
        """The records of which the public is told that rows of `model` have changed."""
        return touched if protection.is_of_a_record(model) else set()

    def _in_order(self):
        """The rows, each behind those it refers to.

        What is there comes before what is not: it may hold a value that only one row can have.
        """
        order = {model: number for number, model in enumerate(EDITED_MODELS)}
        rows, seen = [], set()

        def place(row):
            if row in seen or row not in self.wanted:
                return
            seen.add(row)
            for field in row[0]._meta.concrete_fields:
                if field.related_model is row[0]:
                    place((row[0], getattr(self.wanted[row] or self.found[row], field.attname)))
            rows.append(row)

        for row in sorted(self.wanted, key=lambda row: (order[row[0]], self.found[row] is None)):
            place(row)
        return rows

    def _bring_back(self, rows, user):
        """Write `rows` of one model together; where that cannot be, find out which and why."""
        model = rows[0][0]
        relations = [field for field in model._meta.fields if field.is_relation]
        instances = [instance_of(self.wanted[row], self.found[row]) for row in rows]
        for field in relations:
            self._refuse_lost(field, instances)
        prefetch_related_objects(instances, *(field.name for field in relations))
        for instance in instances:
            with naming_row(instance):
                instance.derive()
                instance.clean_fields(exclude={field.name for field in relations})
                instance.clean()
        protection.refuse_showing(user, *instances)
        touched, refused = bulk.save_possible(instances)
        for instance, error in refused:
            with naming_row(instance):
                instance.full_clean()
            raise error
        return self._told(model, touched)

    def _refuse_lost(self, field, instances):
        """Raise ValidationError when a row would refer to one that is not there, or is going."""
        other = field.related_model
        keys = {getattr(instance, field.attname) for instance in instances} - {None}
        there = set(other.objects.filter(pk__in=keys).values_list("pk", flat=True))
        for instance in instances:
            key = getattr(instance, field.attname)
            if key and not self.wanted.get((other, key), key in there):
                with naming_row(instance):
                    sentence = _("what it refers to is not there any more: %s.")
                    raise ValidationError(sentence % field.verbose_name)


def instance_of(version, stored):
    """The row as `version` has it, with the state of `stored`, the row as it is now or None."""
    values = {field.attname: getattr(version, field.attname) for field in version.tracked_fields}
    instance = version.instance_type(**values)
    instance._state.adding = stored is None
    if isinstance(instance, Record):
        instance.keep_state(stored)
    return instance


@contextmanager
def naming_row(row):
    """Say which row a ValidationError inside the block is about."""
    try:
        yield
    except ValidationError as error:
        name = f"{row._meta.verbose_name} “{row.natural_key()[0]}”"
        raise ValidationError([f"{name}: {text}" for text in error.messages]) from error


def chunks(rows):
    """Yield runs of `rows`, pairs of model and key, that are of one model."""
    for _model, of_model in groupby(rows, key=itemgetter(0)):
        while some := list(islice(of_model, CHUNK)):
            yield some


def stored_rows(rows):
    """{(model, id): the stored row or None} of `rows`, with what they refer to."""
    keys = by_model(rows)
    found = {model: model.objects.in_bulk(keys[model]) for model in keys}
    for model, stored in found.items():
        relations = [field.name for field in model._meta.fields if field.is_relation]
        prefetch_related_objects(list(stored.values()), *relations)
    return {(model, key): found[model].get(key) for model, key in rows}


def last_versions(rows):
    """{(model, id): the last version that was no deletion} of `rows`."""
    found = {}
    for model, keys in by_model(rows).items():
        written = model.history.filter(id__in=keys).exclude(history_type="-")
        found |= {(model, version.id): version for version in written.order_by("history_id")}
    return found


def by_model(rows):
    keys = defaultdict(list)
    for model, key in rows:
        keys[model].append(key)
    return keys


def is_published(row):
    """Whether a row or a version of it is a record that is public, or waits to be."""
    return getattr(row, "state", None) == State.PUBLISHED


def is_edited(row):
    return type(row) in EDITED_MODELS


def to_moment(model, key, moment):
    """A row and its parts as they were after `moment`. What the public was told stays told.

    A part that belonged to another record then goes back to it.
    """
    now, then = versions.state_at(model, key), versions.state_at(model, key, moment)
    rows = {row for row in (*now, *then) if row[0] is not Correction}
    return Plan({row: then.get(row) or version_at(*row, moment) for row in rows})


def version_at(model, key, moment):
    """The version of a row after `moment`; None when it was not there."""
    versions_then = model.history.filter(id=key, history_date__lte=moment)
    last = versions_then.order_by("-history_id").first()
    return last if last is not None and last.history_type != "-" else None


def deleted_row(model, key):
    """A deleted row with all that belonged to it and went with it; None when there is none."""
    gone = model.history.filter(id=key).order_by("-history_id").first()
    if gone is None or gone.history_type != "-":
        return None
    wanted = {(model, gone.id): gone}
    if gone.change_set_id:
        for part, field in PARTS[model].items():
            with_it = part.history.filter(
                **{f"{field}_id": key}, history_type="-", change_set=gone.change_set_id
            )
            wanted |= {(part, version.id): version for version in with_it}
    return Plan(wanted)


def undone(change_set, most=MAX_ROWS):
    """The rows of an act as they were before it; refused by those that changed since.

    More than `most` rows are not even looked at.
    """
    histories = (model.history.filter(change_set=change_set) for model in EDITED_MODELS)
    rows = sum(history.count() for history in histories)
    if most is not None and rows > most:
        sentence = _(
            "This would write %(rows)s rows; more than %(most)s are undone by the command "
            "undo_import."
        )
        return Plan({}, [sentence % {"rows": rows, "most": most}])
    wanted, states, changed, obstacles = {}, {}, [], []
    for model in EDITED_MODELS:
        changed += changed_since(model, change_set)
        for key, (before, last) in ends_of(model, change_set).items():
            gone = before is None or before.history_type == "-"
            if gone and model is Correction:  # what the public was told stays told
                continue
            wanted[model, key] = None if gone else before
            if model in RECORDS.values() and not gone and last.history_type != "-":
                if before.state != last.state:
                    states[model, key] = before.state
                elif is_published(last) and last.publish_at != before.publish_at:
                    sentence = _("The embargo of “%s” was changed: a publisher withdraws it first.")
                    obstacles.append(sentence % (last.title_en or last.title_vi))
    if not wanted:
        obstacles.append(_("What the public was told stays told."))
    names = versions.Names(changed[:MAX_TOLD])
    for version in changed[:MAX_TOLD]:
        obstacles.append(_("Changed since then: %s.") % names.of(version))
    if len(changed) > MAX_TOLD:
        obstacles.append(_("Changed since then: %s more.") % (len(changed) - MAX_TOLD))
    return Plan(wanted, obstacles, states)


def changed_since(model, change_set):
    """The last versions of the rows of `model` that the act wrote, and somebody after it."""
    later = model.history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    written = model.history.filter(Exists(later.exclude(change_set=change_set)))
    keys = written.filter(change_set=change_set).values("id")
    latest = model.history.filter(id__in=keys).order_by("id", "-history_id")
    return [next(versions_of_one) for _id, versions_of_one in groupby(latest, attrgetter("id"))]


def ends_of(model, change_set):
    """{id: (the version before the act or None, the last one of the act)} of the rows it wrote."""
    earlier = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    before = earlier.exclude(change_set=change_set).order_by("-history_id").values("history_id")
    written = model.history.filter(change_set=change_set).order_by("id", "-history_id")
    ends = {}
    for version in written.annotate(before=Subquery(before[:1])):
        last, _before = ends.get(version.id, (version, None))
        ends[version.id] = last, version.before
    former = model.history.in_bulk({number for _last, number in ends.values()} - {None})
    return {key: (former.get(number), last) for key, (last, number) in ends.items()}


def in_short(sentences):
    """`sentences` as a page can show them."""
    if len(sentences) <= MAX_TOLD:
        return sentences
    return [*sentences[:MAX_TOLD], _("There are %s more.") % (len(sentences) - MAX_TOLD)]
