import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root, say } from './say.mjs';

/** TypeScript 7 checks the types; version 6 is there for dependency-cruiser, which needs its programming interface. */
const TSC = 'node_modules/typescript-7/bin/tsc';

const checks = [
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '--colors=off', '.'] },
  { name: 'types: server', command: ['node', TSC, '-p', '.'] },
  { name: 'types: spec', command: ['node', TSC, '-p', 'spec'] },
  { name: 'types: client', command: ['node', TSC, '-p', 'client'] },
  {
    name: 'import boundaries',
    command: ['depcruise', '--config', '.dependency-cruiser.json', '--output-type', 'err', ...folders()],
  },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'generated files', command: ['node', 'scripts/generate.ts', '--check'] },
];

function folders() {
  const all = ['spec', 'sdk', 'engine', 'nodes', 'practice', 'server', 'client', 'scripts', 'tests'];
  return all.filter((folder) => existsSync(join(root, folder)));
}

/** Runs every check, and with `tests` every test, to the end; the last line counts them. Gives the exit code. */
export async function runChecks(node, { tests, args = [] }) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  // With arguments, only the named tests are wanted.
  for (const { name, command } of args.length > 0 ? [] : checks) {
    const started = Date.now();
    const { code, output } = await run(node, command, { quiet: true });
    say(`${code === 0 ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    total[code === 0 ? 'passed' : 'failed']++;
    if (code !== 0) {
      failures.push(name);
      say(output.trim());
    }
  }
  if (tests) {
    const result = await vitest(node, args);
    for (const key of Object.keys(total)) total[key] += result[key];
    if (result.failed > 0) failures.push('tests');
  }
  if (failures.length > 0) say(`\nFailed: ${failures.join(', ')}`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed > 0 ? 1 : 0;
}

async function vitest(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const report = join(folder, 'report.json');
  try {
    const { code } = await run(
      node,
      ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
      { quiet: false },
    );
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that does not even load has no failed test in it.
    const broken = testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    ).length;
    const failed = numFailedTests + broken;
    return {
      passed: numPassedTests,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: numPendingTests + numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(node, [command, ...args], { quiet }) {
  const bin = join(root, 'node_modules', '.bin');
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const env = {
    ...(quiet ? { ...inherited, NO_COLOR: '1' } : process.env),
    PATH: [dirname(node), bin, process.env.PATH ?? ''].join(delimiter),
  };
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  let output = '';
  const add = (chunk) => {
    output += chunk;
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
