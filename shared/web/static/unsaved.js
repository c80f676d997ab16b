// Keeps what is typed on a form with `data-unsaved` until it is saved: in this tab at once, at the service when typing
// pauses, unless the form says `data-only-here`. The tab's own storage, and not the browser's: a computer is shared, and
// a closed tab leaves nothing behind.
const KEY = 'early-help-unsaved:';
const PAUSE = 1000;
const TRY_AGAIN = 3000;

class Unsaved {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.unsaved;
    this.isOnlyHere = 'onlyHere' in form.dataset;
    this.key = `${KEY}${form.dataset.person}:${this.address}`;
    this.status = form.querySelector('[data-unsaved-status]');
    this.first = this.typed();
    form.addEventListener('input', () => this.note());
    form.addEventListener('change', () => this.note());
    form.addEventListener('submit', (event) => this.submit(event));
    window.addEventListener('online', () => { if (form.isConnected && this.isWaiting) this.send(); });
    // A form that comes back with what is wrong in it shows what was typed already.
    if (form.dataset.shows === 'typed') this.note();
    else this.bringBack();
  }

  typed() {
    const fields = {};
    for (const [name, value] of new FormData(this.form)) if (name !== 'csrf_token') (fields[name] ??= []).push(value);
    return fields;
  }

  note() {
    this.form.dataset.typed = 'yes';
    sessionStorage.setItem(this.key, JSON.stringify(this.typed()));
    this.isWaiting = true;
    this.say('Not saved yet');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  async send() {
    clearTimeout(this.timer);
    if (this.isOnlyHere) { this.say('Not saved yet, kept in this tab'); return; }
    const sent = JSON.stringify(this.typed());
    try {
      const answer = await fetch(this.address, { method: 'POST', body: new FormData(this.form), redirect: 'manual' });
      if (!answer.ok) throw new Error(String(answer.status));
      const at = (await answer.json()).kept_at;
      if (JSON.stringify(this.typed()) !== sent) { this.send(); return; }
      this.isWaiting = false;
      this.say(`Not saved yet, kept for you at ${at}`);
    } catch (_) {
      this.say('Not saved yet: no connection. It is kept in this tab, and sent when the connection is back');
      this.timer = setTimeout(() => { if (this.form.isConnected) this.send(); }, TRY_AGAIN);
    }
  }

  // What is in this tab is newest; otherwise what the service kept, such as from a computer that died.
  async bringBack() {
    let kept = sessionStorage.getItem(this.key);
    kept = kept ? JSON.parse(kept) : null;
    const isHere = Boolean(kept);
    if (!kept && !this.isOnlyHere) {
      try {
        const answer = await fetch(this.address, { redirect: 'manual' });
        kept = answer.ok ? (await answer.json()).fields : {};
      } catch (_) { kept = {}; }
    }
    kept ??= {};
    if (this.form.dataset.typed || !Object.keys(kept).length || JSON.stringify(kept) === JSON.stringify(this.first)) {
      if (isHere && !this.form.dataset.typed) sessionStorage.removeItem(this.key);
      return;
    }
    this.fill(kept);
    this.note();
    this.say('What you typed before and did not save is back');
  }

  fill(fields) {
    for (const box of this.form.elements) {
      if (!box.name || box.name === 'csrf_token' || box.type === 'submit') continue;
      const values = fields[box.name] || [];
      if (box.type === 'checkbox' || box.type === 'radio') box.checked = values.includes(box.value);
      else if (values.length) box.value = values[0];
      if (box.type !== 'hidden' && (box.checked || values[0])) box.closest('details')?.setAttribute('open', '');
    }
  }

  submit(event) {
    if (navigator.onLine === false) {
      event.preventDefault();
      this.note();
      this.say('Not saved yet: no connection. It is kept in this tab. Save it when the connection is back');
      return;
    }
    clearTimeout(this.timer);
    sessionStorage.removeItem(this.key);
  }

  say(text) { if (this.status) this.status.textContent = text; }
}

export function keepForms(root) {
  for (const form of root.querySelectorAll('form[data-unsaved]')) form.unsaved ??= new Unsaved(form);
}

export function isTyped(part) { return Boolean(part.querySelector('form[data-typed]')); }

keepForms(document);
