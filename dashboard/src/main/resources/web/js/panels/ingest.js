import { byId, el, keyed, setText } from '../dom.js';
import { count, percent } from '../format.js';
import { showState } from '../panel.js';
import { watch } from '../stream.js';

const PARTS = { valid: ['Valid', 'c2'], duplicate: ['Duplicate', 'c1'], late: ['Late', 'c3'], rejected: ['Rejected', 'c5'] };

export class Ingest {
  views = ['data-quality'];

  watched() {
    return [watch('data-quality', { minutes: 60 })];
  }

  show(envelope) {
    if (!showState('data-quality', envelope)) return;
    keyed(byId('ingest'), envelope.data.inputs.sort((a, b) => b.total.received - a.total.received), input => `${input.job} ${input.topic}`, create, update);
  }
}

function create() {
  return el('div', { class: 'input' }, el('h3'),
    el('div', { class: 'stack', 'aria-hidden': 'true' }, ...Object.values(PARTS).map(([, colour]) => el('span', { class: colour }))),
    el('dl', { class: 'figures' },
      el('div', {}, el('dt', {}, 'Received'), el('dd')),
      ...Object.entries(PARTS).map(([name, [title, colour]]) => el('div', { 'data-part': name }, el('dt', {}, el('span', { class: `swatch ${colour}`, 'aria-hidden': 'true' }), title), el('dd'), el('dd', { class: 'sub' })))),
    el('p', { class: 'sub' }));
}

function update(node, input) {
  const [title, stack, figures, codes] = node.children;
  const total = input.total;
  const share = name => total.received ? 100 * total[name] / total.received : 0;
  setText(title, `${input.topic}, counted by the ${input.job} job`);
  setText(figures.children[0].lastChild, count(total.received));
  Object.keys(PARTS).forEach((name, at) => {
    stack.children[at].style.width = `${share(name)}%`;
    const figure = figures.children[at + 1];
    setText(figure.children[1], percent(share(name)));
    setText(figure.children[2], count(total[name]));
  });
  const rejected = Object.entries(input.by_code).sort((a, b) => b[1] - a[1]).map(([code, number]) => `${code} ${count(number)}`);
  setText(codes, rejected.length ? `By code: ${rejected.join(', ')}` : '');
}
