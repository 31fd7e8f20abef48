// What all parts of the page have in common: the line that says how they are.
import { byId, setClass, setText } from './dom.js';
import { time } from './format.js';

/** Why there is nothing to show, by view. */
const EMPTY = {
  series: 'No window is closed yet.',
  alerts: 'No alerts.',
  budgets: 'The platform has no campaigns yet.',
  'top-ads': 'No window of an ad is closed yet.',
  quality: 'No scores yet: the quality job publishes the first after five minutes.',
  attribution: 'No conversion is attributed yet.',
  jobs: 'No job was submitted to this cluster.',
  'data-quality': 'No record has been counted yet.',
  user: 'Nothing is known of this user.',
};

export const panelOf = id => byId(id).closest('.panel');

/** Shows how a view is; gives whether there is something to draw. */
export function showState(panelId, envelope) {
  const line = byId(panelId).querySelector('.state');
  const reasons = envelope.reasons.join('; ');
  let text = '';
  let kind = '';
  if (envelope.state === 'EMPTY') {
    text = EMPTY[envelope.view] ?? 'Nothing to show.';
  } else if (envelope.state === 'STALE') {
    text = `Stale since ${time(envelope.since)}: ${reasons}.`;
    kind = 'stale';
  } else if (envelope.state === 'AWAY') {
    text = `Not available since ${time(envelope.since)}: ${reasons}.`;
    kind = 'away';
  }
  setText(line, text);
  setClass(line, kind ? `state ${kind}` : 'state');
  return envelope.data !== null;
}

/** The jobs that fill a part of the page. */
const FILLED_BY = {
  performance: ['metrics'],
  alerts: ['anomaly'],
  budgets: ['budget'],
  'top-ads': ['metrics'],
  quality: ['quality'],
  attribution: ['attribution'],
  'data-quality': ['metrics', 'features'],
  user: ['features'],
};

const NOT_RUNNING = {
  INITIALIZING: 'is starting',
  CREATED: 'is starting',
  RECONCILING: 'is starting',
  RESTARTING: 'is restarting',
  FAILING: 'is failing',
  FAILED: 'has failed',
  CANCELLING: 'is being cancelled',
  CANCELED: 'was cancelled',
  SUSPENDED: 'is suspended',
  FINISHED: 'has ended',
};

/** Says of each part where a job that fills it does not run; of none where Flink does not say. */
export function showJobs(data) {
  const why = new Map(data?.missing.map(name => [name, 'is not running']));
  for (const job of data?.jobs ?? []) {
    if (job.state !== 'RUNNING') why.set(job.name, NOT_RUNNING[job.state] ?? `is ${job.state.toLowerCase()}`);
    else if (job.tasks_running < job.tasks_total) why.set(job.name, `is starting, ${job.tasks_running} of ${job.tasks_total} tasks run`);
  }
  for (const [id, names] of Object.entries(FILLED_BY)) {
    const told = names.filter(name => why.has(name)).map(name => `The ${name} job ${why.get(name)}: nothing new comes from it.`);
    setText(byId(id).querySelector('.job-note'), told.join(' '));
  }
}

export function showLoading(panelId) {
  const line = byId(panelId).querySelector('.state');
  setText(line, 'Loading …');
  setClass(line, 'state');
}
