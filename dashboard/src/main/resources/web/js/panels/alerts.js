import { byId, el, keyed, setClass, setText } from '../dom.js';
import { decimal, time } from '../format.js';
import { showState } from '../panel.js';
import { watch } from '../stream.js';

const KIND = { CRITICAL: 'bad', WARNING: 'warn', INFO: 'info' };
const SCOPES = { AD: 'ad', CAMPAIGN: 'campaign', ADVERTISER: 'advertiser' };

export class Alerts {
  views = ['alerts'];
  #seen = null;

  constructor(changed, pick) {
    this.pick = pick;
    byId('alert-status').addEventListener('change', () => {
      this.#seen = null;
      changed();
    });
  }

  watched() {
    return [watch('alerts', { status: byId('alert-status').value })];
  }

  show(envelope) {
    if (envelope.parameters.status !== byId('alert-status').value) return;
    if (!showState('alerts', envelope)) return;
    const { open, critical, alerts } = envelope.data;
    setText(byId('alert-count'), `${open} open${critical ? `, ${critical} critical` : ''}`);
    document.title = open ? `(${open}) adstream` : 'adstream';
    const fresh = new Set(this.#seen ? alerts.filter(alert => !this.#seen.has(alert.alert_id)).map(alert => alert.alert_id) : []);
    keyed(byId('alert-list'), alerts, alert => alert.alert_id, () => this.#create(), (node, alert) => this.#update(node, alert, fresh));
    const told = alerts.find(alert => fresh.has(alert.alert_id));
    if (told) setText(byId('announce'), `New alert, ${told.severity}: ${told.rule_id}, ${told.message}`);
    this.#seen = new Set(alerts.map(alert => alert.alert_id));
  }

  #create() {
    const item = el('li', {},
      el('div', { class: 'line' }, el('span', { class: 'pill' }), el('strong'), el('span', { class: 'sub' }), el('time', { class: 'sub' })),
      el('p', { class: 'message' }), el('p', { class: 'sub' }));
    return item;
  }

  #update(item, alert, fresh) {
    const resolved = alert.status === 'RESOLVED';
    setClass(item, [alert.severity, resolved && 'resolved', fresh.has(alert.alert_id) && 'new'].filter(Boolean).join(' '));
    const [severity, rule, status, at] = item.firstElementChild.children;
    setClass(severity, `pill ${resolved ? '' : KIND[alert.severity] ?? ''}`.trim());
    setText(severity, alert.severity);
    setText(rule, alert.rule_id);
    setText(status, resolved ? 'resolved' : 'open');
    setText(at, time(alert.at));
    at.dateTime = alert.at;
    setText(item.children[1], alert.message);
    const details = item.children[2];
    const scope = SCOPES[alert.entity_type];
    const numbers = ['observed', 'usual', 'threshold'].filter(name => alert[name] !== null).map(name => `${name} ${decimal(alert[name])}`);
    const rest = `${numbers.length ? ` · ${numbers.join(', ')}` : ''}${alert.opened_at ? ` · since ${time(alert.opened_at)}` : ''}`;
    if (!details.firstChild) {
      details.append(scope ? el('button', { type: 'button', class: 'pick', onclick: () => this.pick(SCOPES[item.alert.entity_type], item.alert.entity_id) }) : el('span'), el('span'));
    }
    item.alert = alert;
    setText(details.children[0], `${alert.entity_type.toLowerCase()} ${alert.entity_id}`);
    setText(details.children[1], rest);
  }
}
