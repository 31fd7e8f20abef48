// Top ads, quality scores, jobs: parts that are one table each.
import { byId, el, pill, setText, table } from '../dom.js';
import { ago, bytes, count, decimal, duration, money, percent, score, time, windowOf } from '../format.js';
import { showJobs, showState } from '../panel.js';
import { watch } from '../stream.js';

export class TopAds {
  views = ['top-ads'];

  constructor(changed, pick, window) {
    this.window = window;
    byId('top-by').addEventListener('change', changed);
    this.rows = table(byId('top-table'), [
      { head: 'Ad', pick: row => ['ad', row.ad_id] },
      { head: 'Campaign', wide: true, pick: row => ['campaign', row.campaign_id] },
      { head: 'Category', wide: true, pick: row => ['category', row.category ?? 'unknown'] },
      { head: 'Impr.', num: true, text: row => count(row.impressions) },
      { head: 'Clicks', num: true, text: row => count(row.clicks) },
      { head: 'Conv.', num: true, wide: true, text: row => count(row.conversions) },
      { head: 'CTR', num: true, text: row => percent(row.ctr) },
      { head: 'CVR', num: true, wide: true, text: row => percent(row.cvr) },
      { head: 'CPC', num: true, wide: true, text: row => money(row.cpc, null, true) },
      { head: 'Cost', num: true, text: row => money(row.total_cost, row.currency) },
      { head: 'Open window, impr.', num: true, wide: true, text: row => count(row.live?.impressions) },
      { head: 'Attributed conv., 1 h', num: true, wide: true, text: row => decimal(row.attributed?.conversions) },
      { head: 'Score', num: true, wide: true, text: row => score(row.quality_score) },
    ], row => row.ad_id, pick);
  }

  watched() {
    return [watch('top-ads', { window: this.window(), by: byId('top-by').value })];
  }

  show(envelope) {
    const of = envelope.parameters;
    if (of.window !== this.window() || of.by !== byId('top-by').value) return;
    if (!showState('top-ads', envelope)) return;
    setText(byId('top-window'), envelope.data.window_start ? `Window ${windowOf(envelope.data.window_start, envelope.data.window_end)}.` : '');
    this.rows(envelope.data.ads);
  }
}

export class Quality {
  views = ['quality'];

  constructor(changed, pick) {
    byId('quality-order').addEventListener('change', changed);
    this.rows = table(byId('quality-table'), [
      { head: 'Ad', pick: row => ['ad', row.ad_id] },
      { head: 'Score', num: true, text: row => score(row.score) },
      { head: 'Penalty', num: true, draw: (cell, row) => row.penalty ? pill(cell, `−${decimal(row.penalty)}`, 'warn') : setText(cell, '–') },
      { head: 'Base', num: true, wide: true, text: row => score(row.base_score) },
      { head: 'Category', text: row => row.category ?? 'unknown' },
      { head: 'Rank', num: true, wide: true, text: row => row.category_rank ? `${row.category_rank} of ${row.category_size}` : '–' },
      { head: 'At', wide: true, text: row => time(row.updated_at) },
    ], row => row.ad_id, pick);
    this.categories = table(byId('quality-categories'), [
      { head: 'Category', pick: row => ['category', row.category] },
      { head: 'Ads', num: true, text: row => count(row.ads) },
      { head: 'Average', num: true, text: row => score(row.average) },
      { head: '< 4', num: true, text: row => count(row.low) },
      { head: '4–7', num: true, text: row => count(row.middle) },
      { head: '≥ 7', num: true, text: row => count(row.high) },
    ], row => row.category, pick);
  }

  watched() {
    return [watch('quality', { order: byId('quality-order').value })];
  }

  show(envelope) {
    if (envelope.parameters.order !== byId('quality-order').value) return;
    if (!showState('quality', envelope)) return;
    this.rows(envelope.data.scores);
    this.categories(envelope.data.categories);
  }
}

const JOB_KIND = { RUNNING: 'ok', FINISHED: '', CANCELED: 'warn', FAILED: 'bad', FAILING: 'bad', RESTARTING: 'bad', SUSPENDED: 'warn' };
const MISSING = 'NOT RUNNING';
const ifThere = text => row => row.state === MISSING ? '–' : text(row);

export class Jobs {
  views = ['jobs'];
  #shown = null;

  constructor() {
    this.rows = table(byId('job-table'), [
      { head: 'Job', text: row => row.name },
      { head: 'State', draw: (cell, row) => pill(cell, row.state.toLowerCase(), JOB_KIND[row.state] ?? 'warn') },
      { head: 'Tasks', num: true, wide: true, text: ifThere(row => `${row.tasks_running} of ${row.tasks_total}`) },
      { head: 'Restarts', num: true, text: row => count(row.restarts) },
      { head: 'Last checkpoint', num: true, wide: true, text: ifThere(row => row.checkpointed_at ? `${ago(row.checkpointed_at)} ago` : 'none') },
      { head: 'It took', num: true, wide: true, text: row => row.checkpointed_at ? duration(row.checkpoint_millis) : '–' },
      { head: 'State size', num: true, wide: true, text: ifThere(row => bytes(row.checkpoint_bytes)) },
      { head: 'Failed checkpoints', num: true, wide: true, text: row => count(row.checkpoints_failed) },
      { head: 'Watermark', num: true, wide: true, text: row => row.watermark ? `${ago(row.watermark)} behind` : '–' },
      { head: 'Since', wide: true, text: row => time(row.started_at) },
      { head: 'WebUI', draw: link },
    ], row => row.id ?? row.name);
    // Ages grow while nothing comes.
    setInterval(() => this.#shown && this.rows(this.#shown), 1000);
  }

  watched() {
    return ['jobs'];
  }

  show(envelope) {
    // What Flink said earlier is shown, but no part of the page is called down by it.
    const known = envelope.state === 'OK' || envelope.state === 'EMPTY';
    showJobs(known ? envelope.data : null);
    if (!showState('jobs', envelope)) return;
    const data = envelope.data;
    byId('flink-link').href = safeLink(data.url);
    setText(byId('cluster'), `${count(data.running)} running · ${count(data.task_managers)} TaskManager${data.task_managers === 1 ? '' : 's'} · ${count(data.slots_free)} of ${count(data.slots)} slots free`);
    this.#shown = [...data.jobs, ...data.missing.map(name => ({ name, state: MISSING }))].sort((a, b) => a.name < b.name ? -1 : 1);
    this.rows(this.#shown);
  }
}

function link(cell, row) {
  if (row.state === MISSING) {
    cell.replaceChildren();
    return;
  }
  if (!cell.firstChild) cell.append(el('a', { rel: 'noreferrer' }, 'open'));
  cell.firstChild.href = safeLink(row.url);
  cell.firstChild.setAttribute('aria-label', `Open ${row.name} in the Flink WebUI`);
}

/** Only what is an address of the web. */
function safeLink(address) {
  return /^https?:\/\//.test(address) ? address : '#jobs';
}
