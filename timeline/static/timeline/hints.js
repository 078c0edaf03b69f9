// Help while typing: what a date says in words, who is there already, the offices of the day.
// Every form says the same when it is saved; nothing here is needed.
'use strict';
{
    const PAUSE = 300; // milliseconds after the last key
    const LONGEST = 301; // characters: the server has no answer to more than 300
    const asked = new WeakMap();

    // Show the answer to the last question about `region`, and to no earlier one.
    function ask(region, address, query, show, pause = PAUSE) {
        const call = new AbortController();
        asked.get(region)?.abort();
        asked.set(region, call);
        const url = new URL(address, document.baseURI);
        Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value.slice(0, LONGEST)));
        setTimeout(async () => {
            if (call.signal.aborted) {
                return;
            }
            try {
                const answer = await fetch(url, {signal: call.signal});
                if (answer.ok && !answer.redirected) {
                    show(await answer.json());
                }
            } catch {
                // Nobody answers, or the question is no longer wanted.
            }
        }, pause);
    }

    function forget(region) {
        asked.get(region)?.abort();
        region.replaceChildren();
    }

    // Made before it is filled: only a change of what is there is read out.
    function regionOf(field) {
        const id = `${field.id}_hint`;
        let region = document.getElementById(id);
        if (!region) {
            region = document.createElement('div');
            region.id = id;
            region.className = 'help hint'; // as wide as a help text
            region.setAttribute('aria-live', 'polite');
            (field.closest('.flex-container') || field).after(region);
        }
        return region;
    }

    function button(label, act) {
        const made = document.createElement('button');
        made.type = 'button';
        made.textContent = label;
        made.addEventListener('click', act);
        return made;
    }

    function fill(field, value) {
        field.value = value;
        field.dispatchEvent(new Event('input', {bubbles: true}));
        field.dispatchEvent(new Event('change', {bubbles: true}));
    }

    // Dates

    function readDate(field) {
        const region = document.getElementById(`${field.id}_reading`);
        if (!field.value.trim()) {
            forget(region);
            return;
        }
        ask(region, field.dataset.reading, {text: field.value}, ({sentence, meant}) => {
            region.replaceChildren(sentence, ...meant.map(({text, words}) => {
                const offer = document.createElement('span');
                offer.className = 'offer';
                offer.append(button(text, () => takeDate(field, text)), ` ${words}`);
                return offer;
            }));
        });
    }

    function takeDate(field, text) {
        fill(field, text);
        field.focus();
    }

    // Who is there already

    function lineAtCaret(field) {
        const before = field.value.slice(0, field.selectionStart ?? field.value.length);
        return field.value.split('\n')[before.split('\n').length - 1];
    }

    function askWhoIsThere(field) {
        const region = regionOf(field);
        const text = lineAtCaret(field);
        if (!text.trim()) {
            forget(region);
            return;
        }
        ask(region, field.dataset.namesakes, {text}, ({found}) => region.replaceChildren(...found.map(rowThatIsThere)));
    }

    function rowThatIsThere({address, key, name, sentence, take}) {
        const link = document.createElement('a');
        link.href = address;
        link.target = '_blank';
        link.textContent = sentence;
        Object.assign(link.dataset, {key, name, take});
        const line = document.createElement('p');
        line.append(link);
        offerToTake(link);
        return line;
    }

    // In the window that a choice opened to add a row: what is there may be what was looked for.
    function offerToTake(link) {
        const {key, name, take} = link.dataset;
        if (window.opener && document.body.classList.contains('popup') && location.pathname.endsWith('/add/')) {
            link.after(' ', button(take, () => {
                // What was typed is not wanted any more: nothing asks about it.
                window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), {capture: true});
                window.opener.dismissAddRelatedObjectPopup(window, key, name);
            }));
        }
    }

    // The offices of the day

    function rowOf(field) {
        const prefix = field.name.replace(/[^-]*$/, '');
        return {prefix, get: (name) => field.form.elements[`${prefix}${name}`]};
    }

    function offerOffices(field) {
        const {prefix, get} = rowOf(field);
        const capacities = {vi: get('capacity_vi'), en: get('capacity_en')};
        const region = regionOf(capacities.vi);
        const person = get('person')?.value;
        if (!person) {
            forget(region);
            return;
        }
        // On the page of a record its date may just be changing; a participation names its record.
        const query = {person, date: prefix ? field.form.elements.date_edtf?.value ?? '' : ''};
        const records = prefix ? [] : ['trip', 'meeting', 'agreement'].filter((kind) => get(kind)?.value);
        records.forEach((kind) => { query[kind] = get(kind).value; });
        ask(region, capacities.vi.dataset.offices, query, ({sentence, offices}) => {
            document.querySelectorAll('.hint.offices').forEach((other) => other.replaceChildren());
            if (offices.some(({vi, en}) => vi === capacities.vi.value && en === capacities.en.value)) {
                return;
            }
            region.classList.add('offices');
            region.replaceChildren(sentence, ...offices.flatMap((office) => [' ', officeButton(office, capacities, region)]));
        }, 0);
    }

    function officeButton({label, held, ...titles}, capacities, region) {
        return button(held ? `${label} (${held})` : label, () => {
            Object.entries(titles).filter(([, title]) => title).forEach(([language, title]) => fill(capacities[language], title));
            forget(region);
            capacities.vi.focus();
        });
    }

    function offerOfficesAgain() {
        document.querySelectorAll('.hint.offices:not(:empty)').forEach((region) => {
            offerOffices(document.getElementById(region.id.replace(/_hint$/, '')));
        });
    }

    // Listeners on the whole page: they hear the rows that are added later, too.

    document.addEventListener('focusin', ({target}) => {
        if (target.dataset.namesakes) {
            regionOf(target);
        } else if (target.dataset.offices) {
            offerOffices(target);
        }
    });
    document.addEventListener('input', ({target}) => {
        if (target.dataset.reading) {
            readDate(target);
        } else if (target.dataset.namesakes) {
            askWhoIsThere(target);
        }
    });
    document.addEventListener('click', ({target}) => {
        if (target.dataset?.date) {
            takeDate(target.closest('.edtf').querySelector('input'), target.dataset.date);
        }
    });
    window.addEventListener('load', () => {
        document.querySelectorAll('a.namesake').forEach(offerToTake);
        // Choices by searching tell jQuery alone that they changed.
        django.jQuery(document).on('change', 'select, [name=date_edtf]', ({target}) => {
            const capacity = target.form?.elements[target.name.replace(/person$/, 'capacity_vi')];
            if (target.name.endsWith('person') && capacity?.dataset.offices) {
                offerOffices(capacity);
            } else if (!target.name.includes('-')) {
                offerOfficesAgain();
            }
        });
    });
}
