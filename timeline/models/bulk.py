"""Finding rows by their natural keys, and writing many of them."""

from django.db import NotSupportedError, models, transaction

from timeline import changes
from timeline.models.changeset import ChangeKind


class EditedQuerySet(models.QuerySet):
    """Bulk writes take the same way as single ones: derived columns, history and projection."""

    def get_by_natural_key(self, key):
        """The row with this key, else the one that had it last before it was renamed."""
        name = self.model.natural_key_field
        try:
            return self.get(**{name: key})
        except self.model.DoesNotExist:
            former = self.model.history.filter(**{name: key}, id__in=self.values("pk"))
            last = former.order_by("-history_id").first()
            if last is None:
                raise
            return self.get(pk=last.id)

    def bulk_create(self, objs, batch_size=None, **options):
        """Save each object. Slower than SQL's bulk insert, but nothing goes round the rules."""
        if any(options.values()):
            raise NotSupportedError(f"bulk_create cannot honour {', '.join(options)} here")
        objs = list(objs)
        with transaction.atomic(using=self.db):
            for obj in objs:
                obj.save(using=self.db, force_insert=True)
        return objs

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            for obj in objs:
                obj.save(using=self.db, update_fields=fields)
        return len(objs)

    def update(self, **values):
        """Save each row with `values`, which are plain values: an expression has no history."""
        if expressions := [k for k, v in values.items() if hasattr(v, "resolve_expression")]:
            raise NotSupportedError(f"update cannot compute {', '.join(expressions)} here")
        with transaction.atomic(using=self.db):
            objs = list(self)
            for obj in objs:
                for name, value in values.items():
                    setattr(obj, name, value)
                obj.save(using=self.db, update_fields=values)
        return len(objs)

    update.alters_data = True

    def delete(self):
        """Delete the rows as one act, in which what belonged to them went as well."""
        with transaction.atomic(using=self.db), changes.made(ChangeKind.DELETION):
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True
