import { cpus, totalmem } from 'node:os';
import type { Row } from './measure.ts';

/** The table, for the terminal and for `docs/benchmarks.md`. */

/** Heading of the part of the page that is written by hand. */
export const FINDINGS = '## What is in the way';

const HEAD = ['work', 'baseline', 'ours', 'ratio', 'spread', 'limit', 'met'] as const;

function cells(row: Row): string[] {
  const met = row.met === undefined ? '' : row.met ? 'yes' : 'NO';
  return [row.work, row.baseline, row.ours, row.ratio, row.spread, row.limit, met];
}

export function tableText(rows: readonly Row[]): string {
  const lines = [[...HEAD], ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function notesOf(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => (row.note === undefined ? [] : [`${row.work}: ${row.note}`]));
}

function tableMarkdown(rows: readonly Row[]): string {
  const line = (values: readonly string[]) => `| ${values.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map((row) => line(cells(row)))].join('\n');
}

export interface Section {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** The page; `loads` are the load averages of the machine before and after. */
export function page(sections: readonly Section[], { quick, loads }: { quick: boolean; loads: string }): string {
  const notes = (rows: readonly Row[]) => notesOf(rows).map((note) => `- ${note}`);
  const body = sections.flatMap(({ name, rows }) => {
    const said = notes(rows);
    return [`## ${name}`, '', tableMarkdown(rows), '', ...(said.length > 0 ? [...said, ''] : [])];
  });
  return `${[
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --save`. Each figure of ours stands beside a baseline that was measured in the same run on the same machine, in',
    'rounds that alternate between the two; *ratio* is ours to the baseline, the median of the rounds, and *spread* the lowest and highest round.',
    'Ratios carry over to other machines better than the figures do. `npm run bench -- --help` lists the benchmarks.',
    '',
    `Measured on ${machine()}, ${new Date().toISOString().slice(0, 10)}${quick ? ', with the small sizes of `--quick`' : ''}.`,
    `Load average of the machine: ${loads}. A load above the number of cores means that other work ran beside the benchmarks: then the spread is wide, and`,
    'times are longer than they need be.',
    '',
    ...body,
  ].join('\n')}`
    .trimEnd()
    .concat('\n');
}

function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = processors[0]?.model.trim() || 'an unnamed processor';
  return `${model}, ${processors.length} cores, ${memory} GB, ${process.platform}, Node ${process.versions.node}`;
}
