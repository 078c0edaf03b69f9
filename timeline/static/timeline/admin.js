// Names for the fields that Django's admin leaves without one for those who cannot see the page:
// the cells of its inline tables, and its choices by searching.
'use strict';
{
    function nameOf(field) {
        return field.getAttribute('aria-label') || field.labels[0]?.textContent.trim() || '';
    }

    function nameCell(field) {
        const cell = field.closest('td');
        const heading = cell?.closest('table').tHead?.rows[0].cells[cell.cellIndex];
        if (heading) {
            field.setAttribute('aria-label', heading.textContent.trim());
        }
    }

    // As shipped, the box is named by the chosen value alone, and has no name while it is empty.
    function nameChoice(select) {
        const box = select.nextElementSibling?.querySelector('[role=combobox]');
        if (!box) {
            return;
        }
        const chosen = box.querySelector('.select2-selection__rendered');
        chosen.removeAttribute('role');
        chosen.removeAttribute('aria-readonly');
        box.id = `${select.id}_box`;
        box.setAttribute('aria-label', nameOf(select));
        box.setAttribute('aria-labelledby', `${box.id} ${chosen.id}`);
    }

    function nameAll(part) {
        part.querySelectorAll('.tabular td :is(input:not([type=hidden]), select, textarea)').forEach(nameCell);
        part.querySelectorAll('.admin-autocomplete').forEach(nameChoice);
    }

    // As shipped, the fields of an added row point at the help texts of a row that is not there.
    function describeRow(row) {
        const number = row.id.match(/\d+$/)[0];
        row.querySelectorAll('[aria-describedby*=__prefix__]').forEach((field) => {
            const helpText = field.getAttribute('aria-describedby').replace('__prefix__', number);
            field.setAttribute('aria-describedby', helpText);
        });
    }

    // As it opens: only then are there a field to search in and a list.
    function nameSearch(select) {
        const box = document.getElementById(`${select.id}_box`);
        box?.setAttribute('aria-controls', box.getAttribute('aria-owns'));
        document.querySelectorAll('.select2-dropdown :is([role=searchbox], [role=listbox])').forEach((part) => {
            part.setAttribute('aria-label', nameOf(select));
        });
    }

    // Both times after Django's own scripts have made the choices.
    window.addEventListener('load', () => {
        django.jQuery(() => nameAll(document));
        django.jQuery(document).on('select2:open', (event) => nameSearch(event.target));
    });
    document.addEventListener('formset:added', (event) => {
        describeRow(event.target);
        setTimeout(() => nameAll(event.target.parentNode));
    });
}
