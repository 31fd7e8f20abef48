// One connection that brings everything. It is opened anew when something else is to be watched, when it breaks, and
// when no sign of life comes.

const SILENCE = 7000;
const AGAIN = 2000;

/** A call of the interface as the stream wants it: name?parameters. */
export function watch(name, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return query ? `${name}?${query}` : name;
}

export class Stream {
  #source = null;
  #watched = [];
  #lastSign = 0;
  #retry = null;

  /** onView gets each answer; onState gets 'live' or 'lost'. */
  constructor(names, onView, onState) {
    this.names = names;
    this.onView = onView;
    this.onState = onState;
    setInterval(() => this.#check(), 1000);
    document.addEventListener('visibilitychange', () => this.#check());
  }

  open(watched) {
    this.#watched = watched;
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#retry = null;
    this.#source?.close();
    const query = this.#watched.map(one => `watch=${encodeURIComponent(one)}`).join('&');
    const source = new EventSource(`/api/stream?${query}`);
    this.#source = source;
    this.#lastSign = Date.now();
    const alive = () => {
      if (source !== this.#source) return false;
      this.#lastSign = Date.now();
      this.onState('live');
      return true;
    };
    source.addEventListener('beat', alive);
    for (const name of this.names) {
      source.addEventListener(name, event => alive() && this.onView(JSON.parse(event.data)));
    }
    source.addEventListener('error', () => {
      if (source !== this.#source) return;
      this.onState('lost');
      // Refused, or ended by the server: the browser does not try again by itself.
      if (source.readyState === EventSource.CLOSED) this.#again();
    });
  }

  #again() {
    this.#retry ??= setTimeout(async () => {
      this.#retry = null;
      try {
        const answer = await fetch('/api/services', { cache: 'no-store' });
        // The token's cookie has ended: the page that asks for it is shown instead.
        if (answer.status === 401) location.reload();
      } catch { /* still away */ }
      this.#connect();
    }, AGAIN);
  }

  #check() {
    if (this.#source && !this.#retry && Date.now() - this.#lastSign > SILENCE) {
      this.onState('lost');
      this.#connect();
    }
  }
}
