// Four charts over the same windows, with one cursor. The open window is a hollow point: it is not complete.
import { count, percent, decimal, money } from './format.js';

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const KINDS = {
  ctr: { of: point => point.impressions ? point.ctr : null, text: percent, colour: '--c1' },
  cvr: { of: point => point.clicks ? point.cvr : null, text: percent, colour: '--c2' },
  cpc: { of: point => point.clicks ? point.cpc : null, text: (value, currency) => money(value, currency, true), colour: '--c3' },
  rate: { of: (point, seconds) => events(point) / seconds, text: value => decimal(value), colour: '--c4' },
};

export function events(point) {
  return point.impressions + point.clicks + point.conversions;
}

class Chart {
  constructor(node, kind) {
    this.node = node;
    this.kind = KINDS[kind];
    this.withOpen = kind !== 'rate';
    this.tip = document.createElement('div');
    this.tip.className = 'chart-tip';
    this.tip.hidden = true;
    this.build();
    new ResizeObserver(() => {
      const width = node.clientWidth;
      if (width && width !== this.plot.width) this.plot.setSize({ width, height: node.clientHeight });
    }).observe(node);
  }

  build() {
    const data = this.plot?.data ?? [[], [], []];
    this.plot?.destroy();
    const colour = css(this.kind.colour);
    const axis = { stroke: css('--muted'), grid: { stroke: css('--grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    this.plot = new uPlot({
      width: this.node.clientWidth || 300,
      height: this.node.clientHeight || 150,
      padding: [8, 20, 0, 0],
      cursor: { sync: { key: 'metrics' }, drag: { x: false, y: false }, points: { size: 6 } },
      legend: { show: false },
      scales: { y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [
        { ...axis, size: 26, space: 70, values: (_, ticks) => ticks.map((tick, at) => label(tick, at ? ticks[at - 1] : null)) },
        { ...axis, size: 48, space: 30, values: (plot, ticks) => ticks.map(tick => !plot.data[0].length ? '' : tick >= 10_000 ? count(tick) : String(+tick.toPrecision(4))) },
      ],
      series: [
        {},
        { stroke: colour, width: 1.75, fill: `${colour}1f`, points: { show: false }, spanGaps: false },
        { stroke: colour, width: 0, points: { show: true, size: 8, width: 2, fill: css('--panel') } },
      ],
      hooks: { setCursor: [plot => this.show(plot)] },
    }, data, this.node);
    this.node.append(this.tip);
  }

  show(plot) {
    const at = plot.cursor.idx;
    const value = at === null || at === undefined ? null : plot.data[1][at] ?? plot.data[2][at];
    this.tip.hidden = value === null || value === undefined;
    if (!this.tip.hidden) {
      const open = plot.data[1][at] === null || plot.data[1][at] === undefined;
      this.tip.textContent = `${label(plot.data[0][at], null)}: ${this.kind.text(value, this.currency)}${open ? ' (open)' : ''}`;
    }
  }

  draw(points, open, seconds, currency) {
    this.currency = currency;
    const shown = this.withOpen && open && (!points.length || open.at > points.at(-1).at) ? [...points, open] : points;
    this.plot.setData([
      shown.map(point => point.at),
      shown.map(point => point === open ? null : this.kind.of(point, seconds) ?? null),
      shown.map(point => point === open ? this.kind.of(point, seconds) ?? null : null),
    ]);
  }
}

function label(seconds, before) {
  const at = new Date(seconds * 1000);
  const text = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  const day = before === null ? null : new Date(before * 1000).getDate();
  return day !== null && day !== at.getDate() ? `${at.getDate()}/${at.getMonth() + 1} ${text}` : text;
}

export class Charts {
  constructor(root) {
    this.charts = [...root.querySelectorAll('[data-chart]')].map(node => new Chart(node, node.dataset.chart));
  }

  /** points and the open window, each with "at" in epoch seconds. */
  draw(points, open, seconds, currency) {
    this.last = [points, open, seconds, currency];
    this.charts.forEach(chart => chart.draw(...this.last));
  }

  /** In the colours of another theme. */
  recolour() {
    this.charts.forEach(chart => chart.build());
    if (this.last) this.draw(...this.last);
  }
}
