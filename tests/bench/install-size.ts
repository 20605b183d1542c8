import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, inMegabytes, type Row, valueRow } from './measure.ts';

const root = join(import.meta.dirname, '..', '..');
/** What a production install holds of our own. */
const own = ['spec', 'sdk', 'engine', 'nodes', 'practice', 'server', 'scripts', 'examples', 'dist', 'package.json'];
const LARGEST = 8;

export const installSize: Benchmark = {
  name: 'install-size',
  limit: 150,
  run: async ({ quick }) => {
    if (quick) return [];
    const folder = mkdtempSync(join(tmpdir(), 'sluice-install-'));
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(root, file), join(folder, file));
    const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    execFileSync('npm', args, { cwd: folder, stdio: 'ignore', shell: process.platform === 'win32' });
    const packages = sizes(join(folder, 'node_modules'));
    const total = [...packages.values()].reduce((sum, size) => sum + size, 0);
    const ours = own.map((name) => sizeOf(join(root, name))).reduce((sum, size) => sum + size, 0);
    rmSync(folder, { recursive: true, force: true });
    const largest = [...packages].sort((a, b) => b[1] - a[1]).slice(0, LARGEST);
    return [row(total + ours, largest)];
  },
};

function row(megabytes: number, largest: readonly [string, number][]): Row {
  return valueRow({
    work: 'unpacked production install',
    samples: [megabytes],
    format: inMegabytes,
    limit: { atMost: 350 },
    note: `the largest packages: ${largest.map(([name, size]) => `${name} ${inMegabytes(size)}`).join(', ')}. Node itself is not counted.`,
  });
}

/** Megabytes of each package, scoped ones by their full name. */
function sizes(folder: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const inner = name.startsWith('@') ? readdirSync(join(folder, name)).map((one) => `${name}/${one}`) : [name];
    for (const one of inner) found.set(one, sizeOf(join(folder, one)));
  }
  return found;
}

function sizeOf(path: string): number {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return statSync(path).size / 2 ** 20;
  let bytes = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes / 2 ** 20;
}
