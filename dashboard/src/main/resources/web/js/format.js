const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const two = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const four = new Intl.NumberFormat('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 4 });
const upToTwo = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndMinute = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });

const NONE = '–';
const known = value => value !== null && value !== undefined;

export const count = value => known(value) ? whole.format(value) : NONE;
export const decimal = value => known(value) ? upToTwo.format(value) : NONE;
export const score = value => known(value) ? two.format(value) : NONE;
export const percent = value => known(value) ? `${two.format(value)} %` : NONE;

/** Money with its currency; without one where that is not known. */
export function money(value, currency, precise = false) {
  if (!known(value)) return NONE;
  const number = (precise ? four : two).format(value);
  return currency ? `${number} ${currency}` : number;
}

/** A time today as hh:mm:ss, another with its day. */
export function time(text) {
  if (!text) return NONE;
  const at = new Date(text);
  return Math.abs(Date.now() - at) < 12 * 3600_000 ? clock.format(at) : dayAndMinute.format(at);
}

export function windowOf(start, end) {
  if (!start) return NONE;
  const from = new Date(start);
  const near = Math.abs(Date.now() - from) < 12 * 3600_000;
  return `${(near ? minute : dayAndMinute).format(from)}–${minute.format(new Date(end))}`;
}

/** How long ago, roughly. */
export function ago(text, now = Date.now()) {
  if (!text) return NONE;
  return span(Math.max(0, now - new Date(text)));
}

export function span(millis) {
  const seconds = Math.round(millis / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds % 86_400 / 3600)} h`;
}

/** A short duration, to the millisecond. */
export const duration = millis => millis < 1000 ? `${count(millis)} ms` : millis < 60_000 ? `${decimal(millis / 1000)} s` : span(millis);

export function bytes(value) {
  if (!value) return '0 B';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${upToTwo.format(value / 1024 ** power)} ${units[power]}`;
}
