"""A published record that waits for the end of its embargo, told with its time and its zone."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def in_zone(moment):
    """`moment` on the clock of the site, with the zone: two zones of a desk are never mixed up."""
    local = timezone.localtime(moment)
    offset = f"{local:%z}"[:5]
    return f"{date_format(local, 'Y-m-d H:i')} ({local.tzinfo}, UTC{offset[:3]}:{offset[3:]})"


def state_label(record):
    """The state of `record` in words, no query: a record under embargo with its moment."""
    if not (record.is_scheduled and record.publish_at):
        return record.get_state_display()
    sentence = _("scheduled for %(moment)s") if record.is_embargoed else _("due since %(moment)s")
    return sentence % {"moment": in_zone(record.publish_at)}
