"""What other people did last: their change sets, with links to what each of them changed."""

from collections import defaultdict

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from timeline import roles
from timeline.admin.worklists.section import SHOWN, Item, More, Section, sees
from timeline.models import EDITED_MODELS, RECORDS, ChangeSet, Tenure

NOTE = 120  # characters of a note
RECORDS_FIRST = dict.fromkeys((*RECORDS.values(), *EDITED_MODELS))


def by_others(user):
    models = [model for model in RECORDS_FIRST if sees(user, model)]
    if not models:
        return
    made = change_sets(user, models)
    changed = what_changed(made, models)
    opens = sees(user, ChangeSet)
    yield Section(
        "recent",
        _("Recent changes by others"),
        _("Of each kind of row that a change touched, one is named."),
        [
            Item(changed[change.pk], about(change), page(change) if opens else "")
            for change in made
            if changed[change.pk]
        ],
        [More(ChangeSet._meta.verbose_name_plural, page())] if opens and made else [],
    )


def change_sets(user, models):
    """The last change sets of others; of each model, the key of one version that is part of it.

    One is found by an index; to count or to order those of a large import would be to read it.
    """
    last = ChangeSet.objects.exclude(user=user).order_by("-pk").values_list("pk", flat=True)
    versions = {
        model._meta.model_name: Subquery(
            model.history.model.objects.filter(change_set=OuterRef("pk"))
            .order_by()
            .values("history_id")[:1]
        )
        for model in models
    }
    rows = ChangeSet.objects.filter(pk__in=list(last[:SHOWN])).select_related("user")
    return list(rows.annotate(**versions).order_by("-pk"))


def what_changed(made, models):
    """Links as (label, address or None) for each change set; a part is shown by what it is of."""
    touched = defaultdict(list)
    for model in models:
        name = model._meta.model_name
        owners = {getattr(change, name): change.pk for change in made if getattr(change, name)}
        nouns = subjects(model)
        versions = model.history.model.objects.filter(history_id__in=owners)
        for version in versions.values("history_id", *nouns):
            keys = [(noun, version[column]) for column, noun in nouns.items() if version[column]]
            touched[owners[version["history_id"]]] += keys
    rows = found({key for keys in touched.values() for key in keys})
    return {
        change.pk: [link(*key, rows) for key in dict.fromkeys(touched[change.pk])]
        for change in made
    }


def subjects(model):
    """{column of a version of `model`: the model of the row that it leads to}."""
    if model._meta.model_name not in roles.PARTS:
        return {"id": model}
    names = (*roles.RECORDS, "tenure")
    fields = [field for field in model._meta.fields if field.name in names]
    return {field.attname: field.related_model for field in fields}


def found(keys):
    """{(model, id): row} of those that are still there, with one query for each model."""
    wanted = defaultdict(set)
    for model, key in keys:
        wanted[model].add(key)
    rows = {}
    for model, ids in wanted.items():
        some = model.objects.select_related("person") if model is Tenure else model.objects
        rows |= {(model, key): row for key, row in some.in_bulk(ids).items()}
    return rows


def link(model, key, rows):
    if row := rows.get((model, key)):
        return str(row), reverse(f"admin:timeline_{model._meta.model_name}_change", args=[key])
    return _("%(kind)s, deleted") % {"kind": model._meta.verbose_name}, None


def page(change=None):
    """The address of the page of one change, or of all of them."""
    if change is None:
        return reverse("admin:timeline_changeset_changelist")
    return reverse("admin:timeline_changeset_change", args=[change.pk])


def about(change):
    who = change.user.get_username() if change.user else "manage.py"
    moment = timezone.localtime(change.made_at).strftime("%Y-%m-%d %H:%M")
    return f"{who}: {Truncator(change).chars(NOTE)} · {moment}"
