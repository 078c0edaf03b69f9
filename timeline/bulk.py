"""Many rows written as `save()` writes one: the same columns, versions, history and projection.

A save asks the database a dozen times for each row; here it is asked a dozen times for each call.
What differs: a failure is that of the whole call, and no signal is sent.
"""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from timeline import changes, projection
from timeline.models.base import Edited
from timeline.writers import wait_for_turn

CHUNK = 500  # keys in one statement
MAX_RETRIED = 50  # rows that the database refused


def save_all(rows, reason=""):
    """Insert or update `rows`, a list of instances of one model, as they stand in memory.

    `reason` and the user of the act stand in the history. Returns the records they touch, as a set
    of (kind, slug). Raises ValidationError when a value that others follow from is malformed,
    IntegrityError when the database refuses a row; nothing is written then.
    """
    if not rows:
        return set()
    model = type(rows[0])
    with transaction.atomic():
        wait_for_turn()
        before = _stored(rows)
        new = [row for row in rows if row.pk not in before]
        changed = [row for row in rows if row.pk in before]
        versions = {row.pk: row.version for row in before.values()} | _last_versions(new)
        _derive(rows)
        for row in rows:
            row.version = versions.get(row.pk, 0) + 1
        touched = projection.touched_by(*before.values())
        _write(model, new)
        _write(model, changed, conflicts=True)
        _tell_history(model, new, "+", reason)
        _tell_history(model, changed, "~", reason)
        touched |= projection.touched_by(*rows)
        projection.refresh(touched)
    return touched


def save_possible(rows, reason=""):
    """Save `rows` together, or where the database refuses as many as it takes, in any order.

    Returns the records they touch, and [(row, error)] of those that cannot be saved.
    """
    touched, stuck = _save_halves(rows, reason)
    moved = True
    while moved and 0 < len(stuck) <= MAX_RETRIED:  # one may have waited for another one's value
        moved, still = False, []
        for row, _error in stuck:
            more, failed = _save_halves([row], reason)
            touched |= more
            still += failed
            moved |= not failed
        stuck = still
    return touched, stuck


def _save_halves(rows, reason):
    try:
        with transaction.atomic():
            return save_all(rows, reason), []
    except (DatabaseError, ValidationError) as error:
        if len(rows) == 1:
            return set(), [(rows[0], error)]
    middle = len(rows) // 2
    touched, stuck = _save_halves(rows[:middle], reason)
    more, failed = _save_halves(rows[middle:], reason)
    return touched | more, stuck + failed


def _derive(rows):
    """Fill the derived columns; what has no slug gets one that no other row of `rows` has."""
    taken = set()
    for row in rows:
        is_named = getattr(row, "slug", None) != ""
        row.derive()
        if not is_named and row.slug in taken:
            row.slug = row.free_slug(taken)
        taken.add(row.natural_key()[0])


def delete_all(rows, reason=""):
    """Delete `rows`, a list of instances of one model, which no other edited row may need.

    Returns the records they touched. What the database still finds pointing to one of them it
    refuses at the end of the transaction.
    """
    if not rows:
        return set()
    model = type(rows[0])
    with transaction.atomic():
        wait_for_turn()
        touched = projection.touched_by(*_stored(rows).values())
        _tell_history(model, rows, "-", reason)
        for relation in model._meta.related_objects:
            other = relation.related_model
            if relation.one_to_many and not issubclass(other, Edited):
                other.objects.filter(**{f"{relation.field.name}__in": rows}).delete()
        for keys in _keys(rows):
            found = models.QuerySet(model).filter(pk__in=keys)
            found._raw_delete(found.db)
        projection.refresh(touched)
    return touched


def _stored(rows):
    """{key: row as the database has it} of those `rows` that are there."""
    return models.QuerySet(type(rows[0])).in_bulk([row.pk for row in rows if row.pk])


def _last_versions(rows):
    """{key: version} of deleted rows that are about to come back."""
    keys = [row.pk for row in rows if row.pk]
    if not keys:
        return {}
    history = type(rows[0]).history.filter(id__in=keys).order_by()
    return dict(history.values_list("id").annotate(models.Max("version")))


def _keys(rows):
    """Yield the keys of `rows` as lists that a statement can take."""
    for start in range(0, len(rows), CHUNK):
        yield [row.pk for row in rows[start : start + CHUNK]]


def _write(model, rows, conflicts=False):
    """Django's own bulk insert, which the managers of edited models do not offer.

    An update is an insert that meets its own key: one statement for many rows on both databases.
    """
    options = {}
    if conflicts:
        names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        options = {"update_conflicts": True, "unique_fields": ["id"], "update_fields": names}
    models.QuerySet(model).bulk_create(rows, **options)


def _tell_history(model, rows, kind, reason):
    """Copy `rows` as the database has them to their history; `kind` as simple-history writes it."""
    act = changes.current()
    told = {
        "history_date": timezone.now(),
        "history_type": kind,
        "history_change_reason": reason or None,
        "history_user_id": act and act.user_id,
        "change_set_id": act and act.pk,
    }
    history = model.history.model
    name = connection.ops.quote_name
    columns = [name(field.column) for field in history.tracked_fields]
    statement = (
        f"INSERT INTO {name(history._meta.db_table)} ({', '.join([*columns, *map(name, told)])}) "
        f"SELECT {', '.join(columns)}, {', '.join(['%s'] * len(told))} "
        f"FROM {name(model._meta.db_table)} WHERE id IN ({{keys}}) ORDER BY id"
    )
    values = [history._meta.get_field(k).get_db_prep_save(v, connection) for k, v in told.items()]
    with connection.cursor() as cursor:
        for keys in _keys(rows):
            cursor.execute(statement.format(keys=", ".join(["%s"] * len(keys))), [*values, *keys])
