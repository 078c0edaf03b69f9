"""The work lists of whoever looks at the admin's first page."""

from django import template

from timeline.admin import worklists

register = template.Library()


@register.simple_tag
def work_lists(user):
    """{"full": lists with something in them, "empty": the others}."""
    sections = worklists.sections(user)
    return {
        "full": [section for section in sections if section.items],
        "empty": [section for section in sections if not section.items],
    }
