/** Shared measuring: rounds that alternate between baseline and ours, so that a busy moment of the machine meets both. */

export interface BenchSize {
  /** Small sizes and few rounds: a look at whether everything works, not a figure to quote. */
  readonly quick: boolean;
}

export interface Benchmark {
  readonly name: string;
  /** Seconds after which it is given up. */
  readonly limit: number;
  run(size: BenchSize): Promise<Row[]>;
}

/** A line of the table, as text: what was done, both figures, their ratio with its spread, and the promise. */
export interface Row {
  readonly work: string;
  readonly baseline: string;
  readonly ours: string;
  readonly ratio: string;
  readonly spread: string;
  readonly limit: string;
  readonly met: boolean | undefined;
  /** What a reader must know to judge the figure. */
  readonly note?: string;
}

export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export type Limit = { readonly atMost: number } | { readonly atLeast: number } | undefined;

export function figureOf(samples: readonly number[]): Figure {
  const sorted = [...samples].sort((a, b) => a - b);
  const [min, max] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
  return { median, min, max };
}

export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds that the work takes. */
export async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

export interface Pair<T> {
  readonly baseline: T;
  readonly ours: T;
}

/** Measures both sides in each round, the other first each time. */
export async function alternate<T>(
  rounds: number,
  sides: { baseline: () => Promise<T>; ours: () => Promise<T> },
): Promise<Pair<T>[]> {
  const pairs: Pair<T>[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      const baseline = await sides.baseline();
      pairs.push({ baseline, ours: await sides.ours() });
    } else {
      const ours = await sides.ours();
      pairs.push({ baseline: await sides.baseline(), ours });
    }
  }
  return pairs;
}

type Format = (value: number) => string;

/** Compares ours with a baseline: the median of the ratios of the rounds, and their spread. */
export function ratioRow(options: {
  work: string;
  pairs: readonly Pair<number>[];
  format: Format;
  limit: Limit;
  note?: string;
}): Row {
  const { work, pairs, format, limit, note } = options;
  const ratio = figureOf(pairs.map(({ baseline, ours }) => ours / baseline));
  return {
    work,
    baseline: format(figureOf(pairs.map(({ baseline }) => baseline)).median),
    ours: format(figureOf(pairs.map(({ ours }) => ours)).median),
    ratio: `${short(ratio.median)} x`,
    spread: `${short(ratio.min)}–${short(ratio.max)} x`,
    limit: limitText(limit, (value) => `${short(value)} x`),
    met: isMet(limit, ratio.median),
    ...(note === undefined ? {} : { note }),
  };
}

/** A figure that is held against a limit of its own; `baselines` are told beside it where there are any. */
export function valueRow(options: {
  work: string;
  samples: readonly number[];
  baselines?: readonly number[];
  format: Format;
  limit: Limit;
  note?: string;
}): Row {
  const { work, samples, baselines, format, limit, note } = options;
  const { median, min, max } = figureOf(samples);
  return {
    work,
    baseline: baselines === undefined ? '' : format(figureOf(baselines).median),
    ours: format(median),
    ratio: '',
    spread: samples.length > 1 ? `${format(min)}–${format(max)}` : '',
    limit: limitText(limit, format),
    met: isMet(limit, median),
    ...(note === undefined ? {} : { note }),
  };
}

function limitText(limit: Limit, format: Format): string {
  if (limit === undefined) return '';
  return 'atMost' in limit ? `at most ${format(limit.atMost)}` : `at least ${format(limit.atLeast)}`;
}

function isMet(limit: Limit, value: number): boolean | undefined {
  if (limit === undefined) return undefined;
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
}

export const inMilliseconds: Format = (value) => (value >= 10_000 ? `${short(value / 1000)} s` : `${short(value)} ms`);
export const inMicroseconds: Format = (value) => `${short(value)} µs`;
export const inNanoseconds: Format = (value) => `${short(value)} ns`;
export const inMegabytes: Format = (value) => `${Math.round(value)} MB`;
export const perSecond: Format = (value) => `${Math.round(value).toLocaleString('en')}/s`;

/** Three significant digits. */
function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
