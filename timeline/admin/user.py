"""Accounts: who administers them cannot make, or take over, one that can do more than their own."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Exists, OuterRef, Q
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from timeline.admin.lists import SensibleList
from timeline.admin.rescue import Rescue
from timeline.admin.widgets import FIELDS

admin.site.unregister([User, Group])
admin.site.unregister([StaticDevice, TOTPDevice])  # their pages show the keys of other people


def rights_of(user):
    """The rights of `user` as (app, codename), also while the account is not active."""
    given = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return set(given.values_list("content_type__app_label", "codename"))


def can_do_more(user, than):
    """Whether `user` is a superuser or has a right that `than` lacks."""
    return not than.is_superuser and (user.is_superuser or not rights_of(user) <= rights_of(than))


@admin.register(User)
class DeskUserAdmin(Rescue, SensibleList, UserAdmin):
    formfield_overrides = FIELDS

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer the groups that have no right which the person at the desk lacks."""
        if db_field.name == "groups" and not request.user.is_superuser:
            ours = Permission.objects.filter(
                Q(user=request.user) | Q(group__user=request.user)
            ).values("pk")
            more = Group.permissions.through.objects.filter(group=OuterRef("pk")).exclude(
                permission__in=ours
            )
            kwargs["queryset"] = Group.objects.filter(~Exists(more))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (
            obj is not None and can_do_more(obj, than=request.user)
        )

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (
            obj is not None and can_do_more(obj, than=request.user)
        )


@admin.register(Group)
class DeskGroupAdmin(SensibleList, GroupAdmin):
    """Groups as Django shows them."""
