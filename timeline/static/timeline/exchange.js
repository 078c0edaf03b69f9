// While a long file is looked at or stored: how many of its rows are done.
'use strict';
{
    const NAP = 700; // milliseconds between two questions

    async function ask(form, told) {
        const answer = await fetch(form.dataset.progress).catch(() => null);
        const { done, total } = answer?.ok ? await answer.json() : {};
        if (total) {
            told.bar.max = total;
            told.bar.value = done;
            told.words.textContent = `${done} / ${total}`;
        }
        setTimeout(ask, NAP, form, told);
    }

    function show(form) {
        const bar = document.createElement('progress');
        const words = document.createElement('span');
        const button = form.querySelector('[type=submit]');
        bar.setAttribute('aria-label', button.value);
        words.setAttribute('role', 'status');
        button.after(bar, words);
        return { bar, words };
    }

    document.querySelectorAll('form[data-progress]').forEach((form) => {
        form.addEventListener('submit', (event) => {
            if (form.dataset.sent) {
                event.preventDefault();
                return;
            }
            form.dataset.sent = 'yes';
            setTimeout(ask, NAP, form, show(form));
        });
    });
    // Back from the next page, the form can be sent again.
    window.addEventListener('pageshow', (event) => {
        if (event.persisted) {
            window.location.reload();
        }
    });
}
