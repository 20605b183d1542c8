import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newNode } from './new-node.ts';

const root = join(import.meta.dirname, '..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-node-'));
  mkdirSync(join(folder, 'nodes'));
  for (const name of ['sdk', 'spec', 'node_modules', 'tsconfig.json', 'biome.json'])
    symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    "export default { resolve: { preserveSymlinks: true }, test: { include: ['nodes/**/*.test.ts'] } };\n",
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('new-node', () => {
  it('makes a node that is registered and whose test passes at once', async () => {
    expect(newNode(folder, 'billing', 'send-invoice')).toEqual([
      join('nodes', 'billing', 'send-invoice.ts'),
      join('nodes', 'billing', 'send-invoice.test.ts'),
    ]);
    const registry = readFileSync(join(folder, 'nodes', 'index.gen.ts'), 'utf8');
    expect(registry).toContain("import billingSendInvoice from './billing/send-invoice.ts';");
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const out = join(folder, 'report.json');
    const args = [vitest, 'run', '--root', folder, '--reporter', 'json', '--outputFile', out];
    await promisify(execFile)(process.execPath, args, { cwd: folder });
    const report = JSON.parse(readFileSync(out, 'utf8')) as { success: boolean; numPassedTests: number };
    expect(report.success).toBe(true);
    expect(report.numPassedTests).toBeGreaterThan(8);
  });

  it('never overwrites, and takes no name that would make a bad path', () => {
    newNode(folder, 'billing', 'once');
    expect(() => newNode(folder, 'billing', 'once')).toThrow('is there already');
    for (const name of ['Send', '../x', 'a b', '', 'a_b'])
      expect(() => newNode(folder, 'billing', name)).toThrow('is no name');
  });
});
