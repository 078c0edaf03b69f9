"""The second factor: a code that changes every 30 seconds, and recovery codes for a lost telephone.

Codes are those of RFC 6238, as every authenticator app makes them. django-otp keeps the devices
and lets each wait longer after every wrong code.
"""

import time
from base64 import b32encode
from binascii import unhexlify

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from timeline import sessions

DIGITS = 6  # of a code from the telephone; a recovery code is longer
RECOVERY_CODES = 10


def device_of(user):
    """The device that makes the codes of `user`, else None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user):
    return StaticToken.objects.filter(device__user=user).count()


def link(user, key):
    """The address that an authenticator app on this machine opens, and that a QR code holds."""
    return TOTPDevice(user=user, key=key).config_url


def secret(key):
    """The same `key` as people type it into an app."""
    return b32encode(unhexlify(key)).decode()


@transaction.atomic
def enrol(user, key, code):
    """Make the device of `user` that has this `key` and showed `code`; ValidationError if wrong.

    Nobody gets a second device, also not from two windows at once: with the password alone one
    could make oneself another.
    """
    get_user_model().objects.select_for_update().get(pk=user.pk)
    totp = TOTP(unhexlify(key))
    totp.time = time.time()
    if device_of(user) or not (code.isdecimal() and totp.verify(int(code), tolerance=1)):
        raise _refused()
    return TOTPDevice.objects.create(
        user=user, name="TOTP", key=key, drift=totp.drift, last_t=totp.t()
    )


@transaction.atomic
def new_recovery_codes(user):
    """Codes that let `user` in once each, instead of all that were there before."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def check(user, code):
    """Return the device of `user` that knows `code`; ValidationError when none does, or not yet."""
    if len(code) == DIGITS:
        device = device_of(user)
    else:
        device = StaticDevice.objects.filter(user=user).first()
    if device is None:
        raise _refused()
    is_allowed, reason = device.verify_is_allowed()
    if not is_allowed:
        seconds = int((reason["locked_until"] - timezone.now()).total_seconds()) + 1
        raise ValidationError(
            ngettext(
                "Too many wrong codes. Wait %(seconds)s second and try again.",
                "Too many wrong codes. Wait %(seconds)s seconds and try again.",
                seconds,
            ),
            code="wait",
            params={"seconds": seconds},
        )
    verified = verify_token(user, device.persistent_id, code)
    if verified is None:
        raise _refused()
    return verified


@transaction.atomic
def remove(user):
    """Take the device and the codes of `user` away, and end the sessions that they opened."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sessions.end_all(user)


def _refused():
    return ValidationError(
        _("This code is not right. Codes change every 30 seconds, and each is good for once."),
        code="wrong",
    )
