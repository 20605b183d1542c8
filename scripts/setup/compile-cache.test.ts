import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('what is compiled is kept for threads too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-compiled-'));
  const inThread = `import module from 'node:module'; import { parentPort } from 'node:worker_threads';
    parentPort.postMessage(module.getCompileCacheDir());`;
  const code = `import { Worker } from 'node:worker_threads';
    import module from 'node:module';
    import { keepCompiled } from ${JSON.stringify(join(import.meta.dirname, 'compile-cache.mjs'))};
    keepCompiled(${JSON.stringify(folder)});
    new Worker(${JSON.stringify(inThread)}, { eval: true })
      .on('message', (there) => console.log(JSON.stringify([module.getCompileCacheDir(), there])));`;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' });
  const [here, there] = JSON.parse(said) as [string, string];
  expect(here).toContain(folder);
  expect(there).toBe(here);
});
