// Follows a meeting: told by server-sent events, or asking every few seconds, it fetches the parts of the page that
// change. A part in which somebody types is left alone, and what is typed is kept: unsaved.js.
import { keepForms, isTyped } from './unsaved.js';

const ASK_EVERY = 3000;
const TRY_EVENTS_AGAIN = 30000;
// The service says every 15 seconds that it is there (pages/following.py).
const QUIET_TOO_LONG = 40000;
const LOST = 'No connection. This page goes on by itself when it is back';

class Following {
  constructor(root) {
    this.root = root;
    this.version = Number(root.dataset.version) || 0;
    this.status = root.querySelector('[data-follow-status]');
    this.said = root.querySelector('[data-follow-said]');
    this.isFetching = false;
    this.isBehind = false;
    document.addEventListener('visibilitychange', () => this.look());
    window.addEventListener('online', () => this.look());
    window.addEventListener('offline', () => this.say(LOST));
    setInterval(() => this.mind(), ASK_EVERY);
    this.look();
  }

  // A hidden page follows nothing: browsers allow few connections to one address.
  look() {
    if (document.visibilityState === 'hidden') { this.stop(); return; }
    if (!this.events) this.listen();
    this.fetchParts();
  }

  listen() {
    this.stop();
    if (!window.EventSource) { this.askNowAndThen(); return; }
    this.heardAt = Date.now();
    this.events = new EventSource(`${this.root.dataset.events}?have=${this.version}`);
    this.events.onopen = () => { clearInterval(this.asking); this.asking = null; this.sayHow(); };
    this.events.addEventListener('here', () => { this.heardAt = Date.now(); });
    this.events.addEventListener('moved', (event) => {
      this.heardAt = Date.now();
      if (Number(event.lastEventId) > this.version) this.fetchParts();
    });
    this.events.onerror = () => {
      this.askNowAndThen();
      if (this.events && this.events.readyState === EventSource.CLOSED) {
        this.events = null;
        this.again = setTimeout(() => this.listen(), TRY_EVENTS_AGAIN);
      }
    };
  }

  // A network that goes without a word leaves the connection open and silent.
  mind() {
    if (this.events && Date.now() - this.heardAt > QUIET_TOO_LONG) { this.listen(); this.fetchParts(); }
  }

  askNowAndThen() {
    if (!this.asking) this.asking = setInterval(() => this.fetchParts(), ASK_EVERY);
    this.sayHow();
  }

  stop() {
    if (this.events) this.events.close();
    this.events = null;
    clearInterval(this.asking);
    clearTimeout(this.again);
    this.asking = null;
  }

  async fetchParts() {
    if (this.isFetching) { this.isBehind = true; return; }
    this.isFetching = true;
    try {
      const answer = await fetch(`${this.root.dataset.screen}?have=${this.version}`, { redirect: 'manual' });
      if (answer.status === 200) this.show(await answer.text());
      if (answer.ok) this.sayHow();
      else this.leave(answer.status);
    } catch (_) {
      this.say(LOST);
    } finally {
      this.isFetching = false;
      if (this.isBehind) { this.isBehind = false; this.fetchParts(); }
    }
  }

  leave(status) {
    if (status >= 500) { this.say('The service does not answer. Trying again'); return; }
    this.stop();
    this.say('This page cannot follow any more. Sign in again, or go back to the meeting');
  }

  show(html) {
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-follow]');
    const isClosed = (fresh.dataset.closed || '').split(' ').includes(this.root.dataset.closes);
    if (isClosed || fresh.dataset.state !== this.root.dataset.state) { location.reload(); return; }
    this.version = Number(fresh.dataset.version);
    this.root.dataset.version = fresh.dataset.version;
    const before = this.heard();
    for (const part of fresh.querySelectorAll('[data-part]')) this.replace(part);
    if (this.heard() !== before && this.said) this.said.textContent = this.heard();
    keepForms(this.root);
  }

  replace(part) {
    const old = document.getElementById(part.id);
    if (!old || isTyped(old) || old.innerHTML === part.innerHTML) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
    const opened = [...old.querySelectorAll('details')].map((one) => one.open);
    old.replaceWith(document.importNode(part, true));
    const now = document.getElementById(part.id);
    now.querySelectorAll('details').forEach((one, place) => { if (opened[place]) one.open = true; });
    if (focused) (document.getElementById(focused) || document.getElementById('now'))?.focus();
  }

  heard() { return document.getElementById('now')?.textContent.trim() || ''; }

  sayHow() {
    const isTold = this.events && this.events.readyState === EventSource.OPEN;
    this.say(navigator.onLine === false ? LOST : isTold ? 'Following as it happens' : 'Asking every few seconds');
  }

  say(text) { if (this.status && this.status.textContent !== text) this.status.textContent = text; }
}

// The time that an item has taken: counted on from what the server said when it gave this part.
function tick() {
  for (const timer of document.querySelectorAll('[data-timer]')) {
    timer.begun ??= Date.now() - Number(timer.dataset.seconds) * 1000;
    const seconds = Math.floor((Date.now() - timer.begun) / 1000);
    const rest = String(seconds % 60).padStart(2, '0');
    timer.querySelector('[data-timer-text]').textContent = `${Math.floor(seconds / 60)}:${rest}`;
    timer.classList.toggle('app-live__timer--over', seconds >= Number(timer.dataset.slot));
  }
}

for (const root of document.querySelectorAll('[data-follow][data-screen]')) new Following(root);
keepForms(document);
tick();
setInterval(tick, 1000);
