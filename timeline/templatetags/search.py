"""What was searched for, in the texts of a page."""

from django import template

from timeline import finding
from timeline.templatetags.chronicle import participants

register = template.Library()

NAMED = 4  # participants of an entry in its row, as in parts/entry.html


@register.simple_tag(takes_context=True)
def marked(context, shown):
    """The text `shown`, with what the reader searched for marked; plain where nobody did."""
    search = context.get("search")
    return search.marked(str(shown)) if search else str(shown)


@register.simple_tag(takes_context=True)
def findings(context, entry):
    """Why `entry` was found, as far as its row does not show it."""
    search = context.get("search")
    if not search:
        return []
    shown = [str(entry), entry.place, *participants(entry)[:NAMED]]
    if entry.kind == "trip":
        shown.append(entry.summary)
    return finding.findings(entry, search, shown)
