// CTR, CVR, CPC and event rate over time: closed windows from PostgreSQL, the newest and the open one from Redis.
import { byId, el, keyed, setText, table } from '../dom.js';
import { count, decimal, money, percent, windowOf } from '../format.js';
import { Charts, events } from '../charts.js';
import { showLoading, showState } from '../panel.js';
import { watch } from '../stream.js';

const POINTS = 60;

export class Performance {
  views = ['series', 'live'];
  #selection = { scope: 'whole', id: '', currency: '', window: '1m' };
  #series = null;
  #live = null;

  constructor(changed) {
    this.changed = changed;
    this.form = byId('selection');
    this.charts = new Charts(byId('performance'));
    this.rows = table(byId('numbers').querySelector('table'), [
      { head: 'Window', text: row => windowOf(row.window_start, row.at * 1000 + row.seconds * 1000) },
      { head: 'Impressions', num: true, wide: true, text: row => count(row.impressions) },
      { head: 'Clicks', num: true, wide: true, text: row => count(row.clicks) },
      { head: 'Conversions', num: true, wide: true, text: row => count(row.conversions) },
      { head: 'Events/s', num: true, wide: true, text: row => decimal(events(row) / row.seconds) },
      { head: 'Cost', num: true, wide: true, text: row => money(row.total_cost) },
      { head: 'Revenue', num: true, wide: true, text: row => money(row.total_revenue) },
      { head: 'CTR', num: true, text: row => percent(row.ctr) },
      { head: 'CVR', num: true, text: row => percent(row.cvr) },
      { head: 'CPC', num: true, text: row => money(row.cpc, null, true) },
    ], row => row.window_start);
    byId('numbers').addEventListener('toggle', () => this.#draw());
    this.#fromAddress();
    this.#toForm();
    this.form.addEventListener('submit', event => event.preventDefault());
    this.form.addEventListener('change', event => this.#fromForm(event.target.name));
    this.form.id.addEventListener('input', () => this.#suggest());
    this.form.id.addEventListener('focus', () => this.#suggest());
  }

  get window() {
    return this.#selection.window;
  }

  watched() {
    const { scope, id, currency, window } = this.#selection;
    if (scope !== 'whole' && !id) return [];
    const of = { scope, id, currency, window };
    return [watch('series', { ...of, points: POINTS }), watch('live', of)];
  }

  /** Shows the metrics of something. */
  pick(scope, id) {
    this.#select({ scope, id, currency: '' });
    this.#toForm();
    byId('performance').scrollIntoView({ block: 'start' });
    this.form.scope.focus({ preventScroll: true });
  }

  show(envelope) {
    const of = envelope.parameters;
    if (['scope', 'id', 'currency', 'window'].some(name => of[name] !== this.#selection[name])) return;
    if (envelope.view === 'series') {
      if (!showState('performance', envelope)) return;
      this.#series = envelope.data;
    } else {
      // The line above belongs to the series; the header says when Redis is away.
      this.#live = envelope.state === 'OK' ? envelope.data : null;
    }
    this.#draw();
  }

  #draw() {
    const series = this.#series;
    if (!series) {
      if (this.#live) this.#tiles(null, this.#live.live);
      return;
    }
    const seconds = series.window_seconds;
    const at = window => Date.parse(window.window_start) / 1000;
    const points = series.points.map(point => ({ ...point, at: at(point) }));
    const closed = this.#live?.closed;
    if (closed && (!points.length || at(closed) > points.at(-1).at)) points.push({ ...closed, at: at(closed) });
    const open = this.#live?.live ? { ...this.#live.live, at: at(this.#live.live) } : null;
    const currencies = [...new Set([...series.currencies, ...(this.#live?.currencies ?? [])])].filter(Boolean);
    const currency = this.#selection.currency || (currencies.length === 1 ? currencies[0] : '');
    this.#currencies(currencies);
    setText(byId('cpc-currency'), currency ? `, ${currency}` : currencies.length > 1 ? ' (choose a currency)' : '');
    this.charts.draw(points, open, seconds, currency);
    this.#tiles(points.at(-1) ?? null, open, seconds, currency, !currency && currencies.length > 1);
    setText(byId('numbers').firstElementChild, `The same as a table${currency ? `, money in ${currency}` : ''}`);
    if (byId('numbers').open) this.rows(points.map(point => ({ ...point, seconds })).reverse());
  }

  #tiles(closed, open, seconds = 60, currency = '', mixed = false) {
    const tile = (name, of) => ({ name, value: closed ? of(closed) : '–', now: `open window: ${open ? of(open) : '–'}` });
    const sum = (name, of) => ({ ...tile(name, of), unit: currency, ...mixed && { now: 'choose a currency' } });
    const tiles = [
      tile('CTR', point => percent(point.ctr)),
      tile('CVR', point => percent(point.cvr)),
      sum('CPC', point => money(point.cpc, '', true)),
      { ...tile('Events/s', point => decimal(events(point) / seconds)), now: `open window: ${open ? `${count(events(open))} events` : '–'}` },
      sum('Cost', point => money(point.total_cost, '')),
      sum('Revenue', point => money(point.total_revenue, '')),
    ];
    keyed(byId('tiles'), tiles, one => one.name, one => el('div', { 'data-tile': one.name },
      el('dt', {}, one.name), el('dd', { class: 'value' }), el('dd', { class: 'now' })), (node, one) => {
      setText(node.children[0], one.unit ? `${one.name}, ${one.unit}` : one.name);
      setText(node.children[1], one.value);
      setText(node.children[2], one.now);
    });
  }

  #currencies(currencies) {
    const chosen = this.#selection.currency;
    byId('currency-label').hidden = currencies.length < 2 && !chosen;
    const options = ['', ...new Set([...currencies, ...this.#offered ?? [], chosen].filter(Boolean))].sort();
    if (!chosen) this.#offered = currencies;
    const select = this.form.currency;
    if ([...select.options].map(option => option.value).join() !== options.join()) {
      select.replaceChildren(...options.map(value => el('option', { value }, value || 'all')));
    }
    select.value = chosen;
  }

  #offered = null;

  #fromForm(name) {
    const scope = this.form.scope.value;
    const next = { scope, window: this.form.window.value, currency: this.form.currency.value };
    next.id = scope === 'whole' || name === 'scope' ? '' : this.form.id.value;
    if (name === 'scope' || name === 'id') next.currency = '';
    this.#select(next);
    this.#toForm();
  }

  #select(change) {
    this.#selection = { ...this.#selection, ...change };
    this.#series = null;
    this.#live = null;
    this.#offered = null;
    const { scope, id } = this.#selection;
    showLoading('performance');
    this.charts.draw([], null, 60, '');
    this.rows([]);
    byId('tiles').replaceChildren();
    byId('tiles').known = null;
    if (scope !== 'whole' && !id) setText(byId('performance').querySelector('.state'), `Choose an ${scope === 'advertiser' || scope === 'ad' ? '' : 'id of a '}${scope}.`);
    const address = new URLSearchParams(Object.entries(this.#selection).filter(([name, value]) => value && !(name === 'scope' && value === 'whole') && !(name === 'window' && value === '1m')));
    history.replaceState(null, '', `${location.pathname}${address.size ? `?${address}` : ''}${location.hash}`);
    this.changed();
  }

  #fromAddress() {
    const given = new URLSearchParams(location.search);
    const scopes = [...this.form.scope.options].map(option => option.value);
    if (scopes.includes(given.get('scope'))) this.#selection.scope = given.get('scope');
    if (['1m', '5m', '1h'].includes(given.get('window'))) this.#selection.window = given.get('window');
    if (this.#selection.scope !== 'whole') this.#selection.id = given.get('id') ?? '';
    this.#selection.currency = given.get('currency') ?? '';
  }

  #toForm() {
    const { scope, id, window, currency } = this.#selection;
    this.form.scope.value = scope;
    this.form.window.value = window;
    this.form.id.value = id;
    byId('id-label').hidden = scope === 'whole';
    byId('id-label').firstElementChild.textContent = `Id of the ${scope}`;
    this.#currencies(currency ? [currency] : []);
  }

  async #suggest() {
    const { scope } = this.#selection;
    const find = this.form.id.value;
    try {
      const answer = await fetch(`/api/entities?${new URLSearchParams({ scope, find: find.slice(0, 128) })}`);
      const { data } = await answer.json();
      if (scope === this.#selection.scope && data) byId('ids').replaceChildren(...data.ids.map(value => el('option', { value })));
    } catch { /* the id can still be typed */ }
  }
}
