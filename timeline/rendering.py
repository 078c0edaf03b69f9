"""How inputs, choices, labels and errors of forms become HTML.

The HTML is that of Django's templates, which tests/test_rendering.py compares. A form page of the
admin has hundreds of inputs; with a template for each of them, for its attributes and for each
option of a choice, they would take most of the time that the page takes.
"""

from functools import reduce
from operator import add

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets/"
EMPTY = mark_safe("")


def written(value):
    """A value as text, escaped unless it is HTML already."""
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


def joined(parts):
    """Parts of HTML as one."""
    return reduce(add, parts, EMPTY)


def attributes(attrs):
    """` name="value"` for each; no value for what is True, nothing for what is False."""
    return joined(
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, written(value))
        for name, value in attrs.items()
        if value is not False
    )


def box(context):
    widget = context["widget"]
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        EMPTY if value is None else format_html(' value="{}"', written(value)),
        attributes(widget["attrs"]),
    )


def area(context):
    widget = context["widget"]
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        attributes(widget["attrs"]),
        localize(widget["value"] or ""),
    )


def choice(context):
    widget = context["widget"]
    groups = (group(name, options) for name, options, _number in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}\n</select>',
        widget["name"],
        attributes(widget["attrs"]),
        joined(groups),
    )


def group(name, options):
    written_options = joined(format_html("\n  {}", option(widget)) for widget in options)
    if not name:
        return written_options
    return format_html(
        '\n  <optgroup label="{}">{}\n  </optgroup>', localize(name), written_options
    )


def option(widget):
    return format_html(
        '<option value="{}"{}>{}</option>',
        written(widget["value"]),
        attributes(widget["attrs"]),
        localize(widget["label"]),
    )


def label(context):
    if not context["use_tag"]:
        return conditional_escape(localize(context["label"]))
    return format_html(
        "<{0}{1}>{2}</{0}>",
        context["tag"],
        attributes(context["attrs"] or {}),
        localize(context["label"]),
    )


class Renderer(DjangoTemplates):
    """Writes what forms have most of by itself, and leaves the rest to Django's templates."""

    writers = {
        "django/forms/label.html": label,
        f"{WIDGETS}select.html": choice,
        f"{WIDGETS}textarea.html": area,
        **{
            f"{WIDGETS}{kind}.html": box
            for kind in (
                *("checkbox", "date", "email", "hidden", "input", "number", "password"),
                *("search", "text", "time", "url"),
            )
        },
    }
    errors = ("django/forms/errors/list/default.html", "django/forms/errors/list/ul.html")

    def render(self, template_name, context, request=None):
        if template_name in self.errors and not context["errors"]:
            return ""
        if write := self.writers.get(template_name):
            return write(context).strip()
        return super().render(template_name, context, request)
