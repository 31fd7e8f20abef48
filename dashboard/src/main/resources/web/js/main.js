import { byId, el, keyed, pill, setText } from './dom.js';
import { time } from './format.js';
import { Stream } from './stream.js';
import { Alerts } from './panels/alerts.js';
import { Attribution } from './panels/attribution.js';
import { Budgets } from './panels/budgets.js';
import { Ingest } from './panels/ingest.js';
import { Performance } from './panels/performance.js';
import { Jobs, Quality, TopAds } from './panels/tables.js';
import { User } from './panels/user.js';

let lostSince = null;
let away = [];

const changed = () => stream?.open(watched());
const pick = (scope, id) => performance.pick(scope, id);
let stream = null;
const performance = new Performance(() => changed());
const panels = [
  performance,
  new Alerts(changed, pick),
  new Budgets(changed, pick),
  new TopAds(changed, pick, () => performance.window),
  new Quality(changed, pick),
  new Attribution(changed, pick),
  new Ingest(),
  new Jobs(),
  new User(changed),
];

function watched() {
  return ['services', ...panels.flatMap(panel => panel.watched())];
}

function show(envelope) {
  if (envelope.view === 'services') showServices(envelope.data.services);
  else panels.find(panel => panel.views.includes(envelope.view))?.show(envelope);
}

const STATES = { UP: ['up', 'ok'], AWAY: ['away', 'bad'], UNKNOWN: ['…', ''] };

function showServices(services) {
  away = services.filter(service => service.state === 'AWAY');
  keyed(byId('services'), services, service => service.name, () => el('li'), (item, service) => {
    const [text, kind] = STATES[service.state];
    pill(item, `${service.name} ${text}`, kind);
    item.title = service.state === 'AWAY' ? `since ${time(service.since)}: ${service.reason}` : `since ${time(service.since)}`;
  });
  showBanner();
}

function showConnection(state) {
  const before = lostSince;
  lostSince = state === 'live' ? null : lostSince ?? new Date().toISOString();
  if (before !== lostSince || state === 'live') {
    setText(byId('connection'), state === 'live' ? 'Live' : 'Reconnecting …');
    document.body.classList.toggle('offline', state !== 'live');
    showBanner();
  }
}

function showBanner() {
  const parts = [];
  if (lostSince) parts.push(`The dashboard has not answered since ${time(lostSince)}; what you see is from then.`);
  else for (const service of away) parts.push(`${service.name} has been away since ${time(service.since)}.`);
  const banner = byId('banner');
  banner.hidden = !parts.length;
  setText(banner, parts.join(' '));
}

const THEMES = ['auto', 'light', 'dark'];

function showTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  setText(byId('theme'), `Theme: ${theme}`);
}

function themes() {
  let theme = document.documentElement.dataset.theme ?? 'auto';
  showTheme(theme);
  byId('theme').addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try { localStorage.setItem('adstream-theme', theme); } catch { /* then for this visit alone */ }
    showTheme(theme);
    performance.charts.recolour();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => performance.charts.recolour());
}

themes();
setText(byId('zone'), Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'unknown');
byId('logout').hidden = !document.cookie.includes('adstream_dashboard_in=');
const names = ['services', ...panels.flatMap(panel => panel.views)];
stream = new Stream(names, show, showConnection);
stream.open(watched());
