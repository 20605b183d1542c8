import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes every generated file, or with `--check` says which are stale. A generator is a file in `scripts/generators/` whose `generate()`
 * gives the content of each file that it makes, by path from the root.
 */
type Generate = () => Promise<Record<string, string>> | Record<string, string>;

const root = join(import.meta.dirname, '..');
const folder = join(import.meta.dirname, 'generators');
const checking = process.argv.includes('--check');
const stale: string[] = [];

const names = existsSync(folder) ? readdirSync(folder) : [];
for (const name of names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort()) {
  const { generate } = (await import(join(folder, name))) as { generate: Generate };
  for (const [path, content] of Object.entries(await generate())) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    stale.push(path);
    if (!checking) writeFileSync(file, content);
  }
}

if (checking && stale.length > 0) {
  console.error(`Stale: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
  process.exitCode = 1;
} else {
  console.error(stale.length === 0 ? 'Everything is up to date.' : `Written: ${stale.join(', ')}`);
}
