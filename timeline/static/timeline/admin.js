// Names for the choices by searching, which Django's admin leaves without one for those who cannot
// see the page; keys for the buttons of a form; a question before what was typed is left behind.
'use strict';
{
    function nameOf(field) {
        return field.getAttribute('aria-label') || field.labels[0]?.textContent.trim() || '';
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

    // As it opens: only then are there a field to search in and a list. They hang at the end of the
    // page, outside of its landmarks, so they are made one.
    function nameSearch(select) {
        const box = document.getElementById(`${select.id}_box`);
        box?.setAttribute('aria-controls', box.getAttribute('aria-owns'));
        document.querySelectorAll('.select2-dropdown').forEach((dropdown) => {
            dropdown.setAttribute('role', 'region');
            dropdown.setAttribute('aria-label', nameOf(select));
        });
        document.querySelectorAll('.select2-dropdown :is([role=searchbox], [role=listbox])').forEach((part) => {
            part.setAttribute('aria-label', nameOf(select));
        });
    }

    // The keys that the titles of the buttons tell.
    function buttonOf(event) {
        if (!(event.ctrlKey || event.metaKey) || event.altKey) {
            return null;
        }
        if (event.key === 'Enter') {
            return event.shiftKey ? '_next' : '_save';
        }
        return event.key === 's' && !event.shiftKey ? '_continue' : null;
    }

    function press(event) {
        const button = document.querySelector(`.submit-row [name=${buttonOf(event)}]`);
        if (button) {
            event.preventDefault();
            button.click();
        }
    }

    // What was typed and neither saved nor given up: the browser asks before it is gone.
    let typed = false;

    function watch(form) {
        if (document.querySelector('.errornote')) {
            typed = true;
        }
        const notice = () => { typed = true; };
        form.addEventListener('input', notice);
        form.addEventListener('change', notice);
        document.addEventListener('formset:added', notice);
        form.addEventListener('submit', () => { typed = false; });
        window.addEventListener('beforeunload', (event) => {
            if (typed) {
                event.preventDefault();
            }
        });
    }

    // A list of choices of a filter closes when the reader goes on elsewhere.
    function closeFilters(event) {
        document.querySelectorAll('.list-filter[open]').forEach((filter) => {
            if (event.key === 'Escape' || !(event.type === 'keydown' || filter.contains(event.target))) {
                filter.open = false;
            }
        });
    }

    // As shipped, what explains a box of choices has a name and is nothing that could have one.
    function nameTooltips() {
        document.querySelectorAll('span.help-tooltip[aria-label]').forEach((tooltip) => {
            tooltip.setAttribute('role', 'img');
        });
    }

    // Both times after Django's own scripts have made the choices.
    window.addEventListener('load', () => {
        if (window.django?.jQuery) {
            django.jQuery(() => {
                nameAll(document);
                nameTooltips();
            });
            django.jQuery(document).on('select2:open', (event) => nameSearch(event.target));
        }
        const form = document.querySelector('body.change-form #content-main > form');
        if (form && document.querySelector('.submit-row [type=submit]')) {
            watch(form);
            document.addEventListener('keydown', press);
        }
    });
    document.addEventListener('formset:added', (event) => {
        describeRow(event.target);
        setTimeout(() => nameAll(event.target.parentNode));
    });
    document.addEventListener('keydown', closeFilters);
    document.addEventListener('click', closeFilters);
}
