import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import type { Benchmark, Row } from './measure.ts';
import { FINDINGS, notesOf, page, type Section, tableText } from './report.ts';

/**
 * `npm run bench -- [name ...] [--quick] [--save]`: each benchmark in a process of its own, so that none warms or fills another's.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    /** Runs one in this process: `node --cpu-prof tests/bench/main.ts --only chain`. */
    only: { type: 'string' },
  },
});
const { quick } = values;

if (values.only !== undefined) await runHere(named(values.only));
else if (values.help) process.stdout.write(help());
else await runAll(positionals.length > 0 ? positionals.map(named) : benchmarks);

async function runHere(benchmark: Benchmark): Promise<void> {
  const rows = await benchmark.run({ quick });
  // Without a parent it was started by hand, to be profiled.
  if (process.send === undefined) process.stdout.write(`${tableText(rows)}\n`);
  else await new Promise<void>((done) => process.send?.(rows, undefined, undefined, () => done()));
  process.exit(0);
}

async function runAll(chosen: readonly Benchmark[]): Promise<void> {
  const before = loadavg()[0] ?? 0;
  const sections: Section[] = [];
  for (const benchmark of chosen) {
    process.stderr.write(`${benchmark.name} ...\n`);
    const rows = await inItsOwnProcess(benchmark);
    sections.push({ name: benchmark.name, rows });
    process.stdout.write(`\n${tableText(rows)}\n\n`);
    for (const note of notesOf(rows)) process.stdout.write(`  ${note}\n`);
  }
  const rows = sections.flatMap((section) => section.rows);
  const missed = rows.filter((row) => row.met === false);
  const loads = `${before.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`;
  process.stdout.write(
    `\n${tableText(rows)}\n\n${missed.length} of ${rows.length} miss their limit. Load: ${loads}.\n`,
  );
  if (values.save) save(sections, loads);
}

/** What people wrote below the figures stays. */
function save(sections: readonly Section[], loads: string): void {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = before.indexOf(FINDINGS);
  const findings = at < 0 ? '' : `\n${before.slice(at)}`;
  writeFileSync(file, page(sections, { quick, loads }) + findings);
}

function inItsOwnProcess(benchmark: Benchmark): Promise<Row[]> {
  const args = ['--only', benchmark.name, ...(quick ? ['--quick'] : [])];
  const child = fork(import.meta.filename, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve) => {
    let rows: Row[] | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), benchmark.limit * 1000);
    child.on('message', (given) => {
      rows = given as Row[];
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(
        rows ?? [
          notMeasured(benchmark, signal === null ? `it ended with ${code}` : `it took over ${benchmark.limit} s`),
        ],
      );
    });
  });
}

/** A benchmark that could not be measured is said to have missed, never left out. */
function notMeasured({ name }: Benchmark, why: string): Row {
  return {
    work: name,
    baseline: '',
    ours: '',
    ratio: '',
    spread: '',
    limit: '',
    met: false,
    note: `not measured: ${why}`,
  };
}

function named(name: string): Benchmark {
  const found = benchmarks.find((one) => one.name === name);
  if (found) return found;
  process.stderr.write(`There is no benchmark "${name}".\n${help()}`);
  process.exit(2);
}

function help(): string {
  const names = benchmarks.map((one) => `  ${one.name}`).join('\n');
  return `npm run bench -- [name ...] [--quick] [--save]\n--quick  small sizes, under a minute\n--save   writes docs/benchmarks.md\n${names}\n`;
}
