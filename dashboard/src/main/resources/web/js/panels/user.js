import { byId, el, setClass, setText } from '../dom.js';
import { decimal, span, time } from '../format.js';
import { showLoading, showState } from '../panel.js';
import { watch } from '../stream.js';

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

export class User {
  views = ['user'];
  #id = '';
  #shown = '';

  constructor(changed) {
    const form = byId('user-form');
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#id = form.user_id.value;
      this.#shown = '';
      byId('user-cards').replaceChildren();
      showLoading('user');
      changed();
    });
  }

  watched() {
    return this.#id ? [watch('user', { user_id: this.#id })] : [];
  }

  show(envelope) {
    if (envelope.parameters.user_id !== this.#id) return;
    if (!showState('user', envelope)) return;
    const data = envelope.data;
    if (envelope.state === 'EMPTY') {
      this.#shown = '';
      byId('user-cards').replaceChildren();
      return;
    }
    if (envelope.state === 'OK' && !data.sessions_complete) {
      setText(byId('user').querySelector('.state'), 'Looking for sessions …');
      setClass(byId('user').querySelector('.state'), 'state');
    }
    const text = JSON.stringify(data);
    // Drawn anew only when something changed, so that a reader keeps the place.
    if (text === this.#shown) return;
    this.#shown = text;
    byId('user-cards').replaceChildren(
      card('Last hour', data.features && pairs(data.features), 'Nothing in the newest hour.'),
      card('Profile', data.profile && pairs(data.profile), 'No profile.'),
      card('Interests', data.interests.length ? data.interests.map(interest => Object.entries(interest)[0]).map(([name, weight]) => [name, decimal(weight)]) : null, 'No interests.'),
      card('Retargeting', data.retargeting && signals(data.retargeting), 'No signal.'),
      ...sessions('Shop session', data.sessions), ...sessions('Ad session', data.ad_sessions));
  }
}

function sessions(title, list) {
  return list.slice(0, 10).map(session => card(`${title}, ${time(session.start)}`, pairs(session.fields), ''));
}

function pairs(hash) {
  return Object.entries(hash).filter(([name]) => name !== 'user_id' && name !== 'version').map(([name, value]) =>
    name === 'duration_seconds' ? ['duration', span(Number(value) * 1000)] : [name.replaceAll('_', ' '), ISO.test(value) ? time(value) : list(value)?.join(', ') ?? value]);
}

/** All signals in force; where the hash lists none, the one that it names. */
function signals(hash) {
  const listed = (list(hash.signals) ?? []).filter(signal => signal !== null && typeof signal === 'object');
  return (listed.length ? listed : [hash]).map(signal => [
    String(signal.signal ?? 'signal').toLowerCase().replaceAll('_', ' '),
    [signal.product_id && `product ${signal.product_id}`, `until ${time(signal.expires_at)}`].filter(Boolean).join(', ')]);
}

/** A JSON array that stands in a field; null for any other text. */
function list(text) {
  try {
    const read = JSON.parse(text ?? 'null');
    return Array.isArray(read) ? read : null;
  } catch {
    return null;
  }
}

function card(title, entries, otherwise) {
  return el('div', { class: 'card' }, el('h3', {}, title), entries
    ? el('dl', {}, ...entries.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))
    : el('p', {}, otherwise));
}
