import { byId, el, pill, setClass, setText, table } from '../dom.js';
import { ago, count, money, percent, time } from '../format.js';
import { showState } from '../panel.js';
import { watch } from '../stream.js';

const TYPING = 250;

export class Budgets {
  views = ['budgets'];

  constructor(changed, pick) {
    byId('budget-show').addEventListener('change', changed);
    let typing;
    byId('budget-find').addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(changed, TYPING);
    });
    this.rows = table(byId('budget-table'), [
      { head: 'Campaign', pick: row => ['campaign', row.campaign_id] },
      { head: 'Advertiser', wide: true, pick: row => ['advertiser', row.advertiser_id] },
      { head: 'State', draw: (cell, row) => pill(cell, stateText(row), stateKind(row)) },
      { head: 'Used', draw: usage },
      { head: 'Spent', num: true, wide: true, text: row => money(row.spent, row.currency) },
      { head: 'Daily budget', num: true, wide: true, text: row => row.daily_budget === null ? 'unlimited' : money(row.daily_budget, row.currency) },
      { head: 'Left', num: true, wide: true, text: row => money(row.remaining, row.currency) },
      { head: 'Per minute', num: true, wide: true, text: row => money(row.rate, row.currency) },
      { head: 'Budget day', wide: true, text: row => row.budget_date ? `${row.budget_date} ${row.time_zone}` : row.time_zone },
      { head: 'Counter', wide: true, text: row => row.last_check ? `${row.last_check.action.toLowerCase().replace('_', ' ')} ${time(row.last_check.cut)}` : '–' },
    ], row => row.campaign_id, pick);
  }

  #asked() {
    return { show: byId('budget-show').value, find: byId('budget-find').value };
  }

  watched() {
    return [watch('budgets', this.#asked())];
  }

  show(envelope) {
    const asked = this.#asked();
    if (envelope.parameters.show !== asked.show || envelope.parameters.find !== asked.find) return;
    if (!showState('budgets', envelope)) return;
    const data = envelope.data;
    const parts = [`${count(data.total)}${data.truncated ? ' or more' : ''} campaigns`, `${count(data.paused)} paused, ${count(data.paused_by_budget)} of them by their budget`, `${count(data.nearly)} at 80 % or more`];
    if (data.matching > data.campaigns.length) parts.push(`the first ${data.campaigns.length} of ${count(data.matching)} are shown`);
    else if (!data.matching && data.total) parts.push('none match');
    if (data.control_down) parts.push(`budget control is down: it has written nothing for ${ago(data.control_updated_at)}`);
    setText(byId('budget-summary'), data.total ? `${parts.join(' · ')}.` : '');
    this.rows(data.campaigns);
  }
}

function stateText(row) {
  if (row.status === 'ACTIVE') return 'active';
  return `${row.status.toLowerCase()}${row.cause ? ` (${row.cause.toLowerCase()})` : ''}`;
}

const stateKind = row => row.status === 'ACTIVE' ? 'ok' : row.cause === 'BUDGET' ? 'bad' : 'warn';

function usage(cell, row) {
  if (!cell.firstChild) {
    cell.append(el('div', { class: 'usage' }, el('div', { class: 'bar', 'aria-hidden': 'true' }, el('span'), el('i')), el('span', { class: 'num' })));
  }
  const [bar, text] = cell.firstChild.children;
  const used = row.usage ?? 0;
  setClass(bar, `bar${used >= 95 ? ' bad' : used >= 80 ? ' warn' : ''}`);
  bar.firstChild.style.width = `${Math.min(100, Math.max(0, used))}%`;
  bar.hidden = row.usage === null;
  setText(text, row.usage === null ? row.daily_budget === null ? 'no limit' : '–' : percent(used));
}
