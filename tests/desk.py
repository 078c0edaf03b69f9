"""How a test works at the desk: it opens a page of the admin, changes fields and sends the form."""

import re
from contextlib import nullcontext
from types import SimpleNamespace
from unittest import mock

from django.contrib.messages import get_messages
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from tests import builders
from timeline.models import Person, SourceDocument


def page(row_or_model, view=None):
    """The address of a page of the admin: of a row, or of its model."""
    meta = row_or_model._meta
    if view is None:
        view = "change" if not isinstance(row_or_model, type) else "changelist"
    row_views = ("change", "delete", "history")
    args = [row_or_model.pk] if view in row_views else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=args)


RENDERED = set()


def passed_over(answer):
    """The content of a page that nobody looks at; its messages were told on it, all the same."""
    list(get_messages(answer._request))
    return ""


def opened(client, address):
    """What a browser would send back from the form page at `address`, unchanged.

    Nobody looks at this page, and to render it is what costs: one of each kind is rendered.
    """
    kind = re.sub(r"/[0-9]+/", "/", address.partition("?")[0])
    content = property(passed_over)
    empty = mock.patch.object(SimpleTemplateResponse, "rendered_content", content)
    with empty if kind in RENDERED else nullcontext():
        answer = client.get(address)
    RENDERED.add(kind)
    return read(SimpleNamespace(context=answer.context_data))


def read(answer):
    """What a browser would send back from the form page `answer`, unchanged."""
    forms = [answer.context["adminform"].form]
    seen = answer.context.get("seen")
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {"seen": seen} if seen else {}
    for form in forms:
        for field in form:
            value = field.value()
            widget = field.field.widget
            if value is None or value is False or widget.needs_multipart_form:
                continue
            if value is True:
                data[field.html_name] = "on"
                continue
            for name, part in parts(field, widget, value):
                data[name] = part
    return data


def parts(field, widget, value):
    """The inputs of one field: a moment has two, all others one."""
    prepared = widget.format_value(value) if hasattr(widget, "format_value") else value
    if hasattr(widget, "decompress"):
        value = value if isinstance(value, list) else widget.decompress(value)
        return zip(
            (f"{field.html_name}_{number}" for number in range(2)),
            (str(part or "") for part in value),
            strict=True,
        )
    if isinstance(prepared, list):
        prepared = prepared[0] if prepared else ""
    return [(field.html_name, "" if prepared is None else str(prepared))]


def send(client, address, **changes):
    """Open the form at `address`, make the changes, save; return the answer."""
    data = opened(client, address) | changes
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def confirm(client, address, **fields):
    """Open the page that asks at `address`, fill it in and confirm."""
    asked = client.get(address).context or {}
    marks = {name: mark for _record, _obstacles, name, mark in asked.get("records", [])}
    return client.post(address, marks | fields)


def delete(client, row):
    """Ask to delete `row`, and confirm it."""
    asked = client.get(page(row, "delete")).context or {}
    hidden = dict(asked["plan"].hidden) if "plan" in asked else {}
    return client.post(page(row, "delete"), hidden | {"post": "yes"})


def add_inline(data, prefix, **values):
    """Add a row to the inline `prefix` of the form data."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    data |= {f"{prefix}-{number}-{name}": str(value) for name, value in values.items()}
    return data


def errors(answer):
    """The sentences beside the fields, inlines as `prefix-number-field`."""
    found = dict(answer.context["adminform"].form.errors)
    for inline in answer.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {f"{form.prefix}-{name}": value for name, value in form.errors.items()}
        if inline.formset.non_form_errors():
            found[inline.formset.prefix] = inline.formset.non_form_errors()
    return {name: " ".join(sentences) for name, sentences in found.items()}


def said(answer):
    """The messages at the top of the page that `answer` is or leads to."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def rows():
    """One row of every model of the edit side."""
    trip, deal = builders.trip(), builders.agreement()
    return [
        *(builders.country("VN"), builders.organization(), builders.source()),
        *(builders.tenure(), Person.objects.get(), trip, deal, builders.meeting()),
        *(
            builders.leg(trip),
            builders.item(deal),
            builders.participation(trip, country=builders.country("US")),
        ),
        builders.citation(trip, source=SourceDocument.objects.get()),
        builders.correction(trip),
    ]


def to_lam():
    return builders.person("Tô Lâm", country=builders.country("VN"))


def published_trip():
    return builders.published(builders.trip, "To Lam in New York", builders.source())
