import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeFiles, triggerFiles } from '../../nodes/files.gen.ts';
import { credentials, nodes, triggers } from '../../nodes/index.gen.ts';
import { describeNode } from '../../sdk/describe.ts';
import { generate as generateDocs } from './node-docs.ts';
import { generate } from './registry.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the registry', () => {
  it('is up to date, and so is what is written about it', async () => {
    for (const [path, content] of Object.entries({ ...generate(), ...(await generateDocs()) })) {
      expect(readFileSync(join(root, path), 'utf8'), `${path}: run "npm run generate"`).toBe(content);
    }
  });

  it('has each type once', () => {
    const types = [...nodes, ...triggers].map((one) => one.type);
    expect(types.toSorted()).toEqual([...new Set(types)].toSorted());
    const kinds = credentials.map((one) => one.type);
    expect(kinds.toSorted()).toEqual([...new Set(kinds)].toSorted());
  });

  it('knows the file of each type', async () => {
    for (const [files, known] of [
      [nodeFiles, nodes],
      [triggerFiles, triggers],
    ] as const) {
      expect([...files.keys()].toSorted()).toEqual(known.map((one) => one.type).toSorted());
      for (const one of known) {
        const { default: found } = await import(join(root, 'nodes', files.get(one.type) ?? ''));
        expect(found, one.type).toBe(one);
      }
    }
  });

  it('has every credential that a node asks for', () => {
    const kinds = credentials.map((one) => one.type);
    for (const type of [...nodes, ...triggers].flatMap((one) => describeNode(one).credentials))
      expect(kinds).toContain(type);
  });
});

describe('what is found', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is each default export that is a definition, in order', () => {
    folder = mkdtempSync(join(tmpdir(), 'registry-'));
    const put = (path: string, text: string) => {
      mkdirSync(join(folder, 'nodes', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'nodes', path), text);
    };
    put('b/send-it.ts', 'export default defineNode({}, each());');
    put('a/when.ts', 'const when: TriggerDefinition = defineTrigger({});\nexport default when;');
    put('a/credential.ts', 'export default defineCredential({});');
    put('a/part.ts', 'export const part = 1;');
    put('a/other.ts', 'export default 5;');
    put('a/when.test.ts', 'export default defineNode();');
    const text = generate(folder)['nodes/index.gen.ts'];
    expect(text).toContain(
      "import aCredential from './a/credential.ts';\nimport aWhen from './a/when.ts';\nimport bSendIt from './b/send-it.ts';",
    );
    expect(text).not.toMatch(/part|other|test/);
    expect(text).toContain('export const nodes = [\n  bSendIt,\n]');
  });
});
