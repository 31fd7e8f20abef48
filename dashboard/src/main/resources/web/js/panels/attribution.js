import { byId, el, keyed, setText, table } from '../dom.js';
import { count, decimal, money, percent } from '../format.js';
import { showState } from '../panel.js';
import { watch } from '../stream.js';

const MODELS = { last_click: 'Last click', first_click: 'First click', linear: 'Linear', time_decay: 'Time decay', position_based: 'Position' };
const COLOURS = 8;
/** Of these a phone shows the bars alone. */
const SECOND = new Set(['time_decay', 'position_based']);
const REASONS = { SESSION: 'by session', DEVICE: 'by device', NO_CLICK: 'no click', NO_IDENTITY: 'no identity', LATE: 'late' };

export class Attribution {
  views = ['attribution'];

  constructor(changed, pick) {
    this.pick = pick;
    byId('attribution-by').addEventListener('change', () => {
      this.#table();
      changed();
    });
    byId('attribution-range').addEventListener('change', changed);
    this.#table();
  }

  #by() {
    return byId('attribution-by').value;
  }

  #table() {
    const by = this.#by();
    this.rows = table(byId('attribution-table'), [
      { head: by[0].toUpperCase() + by.slice(1), draw: (cell, row) => this.#name(cell, row, by) },
      ...Object.entries(MODELS).map(([model, title]) => ({ head: title, num: true, wide: SECOND.has(model), text: row => percent(row.models[model]?.share ?? 0) })),
      { head: 'Conversions, last click', num: true, wide: true, text: row => decimal(row.models.last_click?.conversions ?? 0) },
      { head: 'Value, last click', num: true, wide: true, text: row => row.id === null ? '–' : money(row.models.last_click?.value ?? 0, null) },
    ], row => String(row.id), this.pick);
  }

  watched() {
    return [watch('attribution', { by: this.#by(), range: byId('attribution-range').value })];
  }

  show(envelope) {
    const of = envelope.parameters;
    if (of.by !== this.#by() || of.range !== byId('attribution-range').value) return;
    if (!showState('attribution', envelope)) return;
    const { conversions, attributed, results, receivers } = envelope.data;
    const found = Object.entries(results).sort((a, b) => b[1] - a[1]).map(([result, number]) => `${count(number)} ${REASONS[result] ?? result}`);
    setText(byId('attribution-summary'), conversions ? `${count(attributed)} of ${count(conversions)} conversions attributed (${percent(100 * attributed / conversions)}): ${found.join(', ')}.` : '');
    const coloured = receivers.map((receiver, at) => ({ ...receiver, colour: receiver.id === null ? 9 : at % COLOURS + 1 }));
    keyed(byId('attribution-bars'), receivers.length ? Object.keys(MODELS) : [], model => model,
      model => el('div', { class: 'model' }, el('span', {}, MODELS[model]), el('div', { class: 'stack', 'aria-hidden': 'true' })),
      (node, model) => keyed(node.lastChild, coloured.filter(receiver => receiver.models[model]), receiver => String(receiver.id),
        () => el('span'), (part, receiver) => {
          part.className = `c${receiver.colour}`;
          part.style.width = `${receiver.models[model].share}%`;
          part.title = `${receiver.id ?? 'all others'}: ${percent(receiver.models[model].share)}`;
        }));
    this.rows(coloured);
  }

  #name(cell, row, by) {
    if (!cell.firstChild) {
      cell.append(el('span', { class: 'swatch', 'aria-hidden': 'true' }), row.id === null ? el('span') : el('button', { type: 'button', class: 'pick', onclick: () => this.pick(by, row.id) }));
    }
    cell.firstChild.className = `swatch c${row.colour}`;
    setText(cell.lastChild, row.id === null ? 'all others' : row.id || 'none');
  }
}
