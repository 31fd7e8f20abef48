// All text goes into the page as text: nothing here or elsewhere makes HTML of it.

/** An element with attributes (null ones are left out) and children (elements or texts). */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

export const byId = id => document.getElementById(id);

/** Sets a text where it changed. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets a class list where it changed. */
export function setClass(node, name) {
  if (node.className !== name) node.className = name;
}

/** Makes the children those of the items: known ones are kept, by key, and with them the focus. */
export function keyed(parent, items, keyOf, create, update) {
  const active = document.activeElement;
  parent.known ??= new Map();
  const before = parent.known;
  const now = new Map();
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    if (now.has(key)) continue;
    const node = before.get(key) ?? create(item);
    update(node, item);
    now.set(key, node);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const [key, node] of before) if (!now.has(key)) node.remove();
  parent.known = now;
  if (active !== document.activeElement && active?.isConnected) active.focus({ preventScroll: true });
}

/**
 * A table whose rows keep their elements. Columns: head, text(row) or draw(cell, row) or pick(row) giving
 * [scope, id], and num, wide (hidden on narrow screens), title(row).
 */
export function table(node, columns, keyOf, onPick) {
  const head = el('tr', {}, ...columns.map(column => el('th', { scope: 'col', class: classOf(column) }, column.head)));
  const body = el('tbody');
  node.replaceChildren(el('thead', {}, head), body);
  const create = () => el('tr', {}, ...columns.map(column => el('td', { class: classOf(column) })));
  const update = (row, item) => columns.forEach((column, at) => fill(row.children[at], column, item, onPick));
  return rows => keyed(body, rows, keyOf, create, update);
}

function classOf(column) {
  return [column.num && 'num', column.wide && 'wide', column.pick && 'id'].filter(Boolean).join(' ') || null;
}

function fill(cell, column, item, onPick) {
  if (column.draw) {
    column.draw(cell, item);
  } else if (column.pick) {
    const [scope, id] = column.pick(item);
    if (!id) {
      cell.replaceChildren();
      setText(cell, '–');
      return;
    }
    let button = cell.querySelector('button');
    if (!button) {
      button = el('button', { type: 'button', class: 'pick', onclick: () => onPick(...button.picks) });
      cell.replaceChildren(button);
    }
    button.picks = [scope, id];
    setText(button, id);
    button.title = `Show the performance of ${scope} ${id}`;
  } else {
    setText(cell, column.text(item));
  }
}

/** A label with a coloured dot. */
export function pill(cell, text, kind) {
  let made = cell.querySelector('.pill');
  if (!made) {
    made = el('span');
    cell.replaceChildren(made);
  }
  setClass(made, kind ? `pill ${kind}` : 'pill');
  setText(made, text);
}
