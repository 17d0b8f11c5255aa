/*
 * picker.js - makes a field for a division's code a search by name (WAI-ARIA APG: editable combobox).  The field
 * itself is hidden and still holds what is sent: the code picked, or what was typed.
 */
'use strict';
(() => {
    const WAIT_MS = 150;

    const set = (element, all) => Object.entries(all).forEach(([key, value]) => element.setAttribute(key, value));

    function make(name, attributes, text = '') {
        const element = document.createElement(name);
        set(element, attributes);
        element.textContent = text;
        return element;
    }

    function enhance(field) {
        const id = field.id, listId = id + '-list';
        const input = field.cloneNode(); /* labels and problems lead to it */
        const list = make('ul', { id: listId, role: 'listbox', class: 'dropdown-menu overflow-auto' });
        const note = make('small', { class: 'form-hint fw-bold', role: 'status' });
        const box = make('div', { class: 'position-relative' });
        const codeOf = division => field.dataset.plain ? '' : division.code; /* a number nobody knows is not shown */
        let found = [], active = -1, timer = 0, asked = 0;

        field.id = id + '-code';
        ['name', 'data-picker'].forEach(key => input.removeAttribute(key));
        set(input, { id, role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false',
            'aria-controls': listId });
        document.querySelectorAll(`label[for="${CSS.escape(id)}"]`).forEach(label => {
            label.id = label.id || id + '-label';
            list.setAttribute('aria-labelledby', label.id);
        });
        list.style.maxHeight = '20rem';
        field.type = 'hidden';
        field.after(box);
        box.append(input, list, note);

        const address = field.dataset.picker + (field.dataset.picker.includes('?') ? '&' : '?') + 'q=';
        const ask = text => fetch(address + encodeURIComponent(text))
            .then(reply => reply.ok ? reply.json() : Promise.reject(new Error(String(reply.status))));

        function close() {
            asked++; /* an answer still on its way is too late */
            clearTimeout(timer);
            list.classList.remove('show');
            input.setAttribute('aria-expanded', 'false');
            mark(-1);
        }

        function mark(index) {
            active = index;
            [...list.children].forEach((option, i) => {
                option.classList.toggle('active', i === index);
                option.setAttribute('aria-selected', String(i === index));
            });
            input.setAttribute('aria-activedescendant', list.children[index]?.id ?? '');
            list.children[index]?.scrollIntoView({ block: 'nearest' });
        }

        function pick(division) {
            field.value = division.code;
            input.value = division.name;
            note.textContent = `${division.path} ${division.name} ${codeOf(division)}`.trim();
            close();
        }

        function show(divisions) {
            found = divisions;
            list.replaceChildren(...divisions.map((division, i) => {
                const option = make('li', { id: `${listId}-${i}`, role: 'option', class: 'dropdown-item' },
                    `${division.name} ${division.path} ${codeOf(division)}`.trim());
                option.addEventListener('pointerdown', event => {
                    event.preventDefault(); /* the focus stays in the field */
                    pick(division);
                });
                return option;
            }));
            note.textContent = divisions.length > 0 ? '' : field.dataset.empty;
            list.classList.toggle('show', divisions.length > 0);
            input.setAttribute('aria-expanded', String(divisions.length > 0));
            mark(-1);
        }

        function search() {
            const mine = ++asked;
            ask(input.value).then(divisions => mine === asked && show(divisions))
                .catch(() => { if (mine === asked) note.textContent = field.dataset.failed; });
        }

        input.addEventListener('input', () => {
            close();
            field.value = input.value.trim();
            note.textContent = '';
            if (field.value !== '')
                timer = setTimeout(search, WAIT_MS);
        });
        input.addEventListener('blur', close);
        input.addEventListener('keydown', event => {
            /* while one composes Chinese the keys belong to the input method */
            const isOpen = list.classList.contains('show') && !event.isComposing;
            if (event.key === 'Escape' && isOpen)
                close();
            else if (event.key === 'Enter' && isOpen && active >= 0)
                pick(found[active]);
            else if (event.key === 'ArrowDown' && isOpen)
                mark((active + 1) % found.length);
            else if (event.key === 'ArrowUp' && isOpen)
                mark((active <= 0 ? found.length : active) - 1);
            else
                return;
            event.preventDefault();
        });
        if (field.value !== '') {
            ask(field.value).then(([first]) => first?.code === field.value && pick(first)).catch(() => {});
        }
    }

    document.querySelectorAll('input[data-picker]:not([type="hidden"])').forEach(enhance);
})();
