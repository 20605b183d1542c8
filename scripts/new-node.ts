import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from './generators/registry.ts';

/**
 * `npm run new-node <connector> <action>`: a node that works, its test that passes, and the registry with it in. What is left is to
 * say what it does.
 */

const SLUG = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Writes the files under `root` and gives their paths. Never overwrites. */
export function newNode(root: string, connector: string, action: string): string[] {
  for (const name of [connector, action]) {
    if (!SLUG.test(name))
      throw new Error(`"${name}" is no name: use small letters, digits and dashes, such as "send-invoice".`);
  }
  const folder = join('nodes', connector);
  const files = {
    [join(folder, `${action}.ts`)]: nodeText(connector, action),
    [join(folder, `${action}.test.ts`)]: testText(action),
  };
  for (const path of Object.keys(files)) {
    if (existsSync(join(root, path))) throw new Error(`${path} is there already.`);
  }
  mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  for (const [path, text] of Object.entries(generate(root))) writeFileSync(join(root, path), text);
  return Object.keys(files);
}

function nodeText(connector: string, action: string): string {
  const title = `${action[0]?.toUpperCase()}${action.slice(1).replaceAll('-', ' ')}`;
  return `import { z } from 'zod';
import { defineNode, each, field } from '../../sdk/index.ts';

export default defineNode(
  {
    type: '${connector}.${action}',
    version: 1,
    title: '${title}',
    summary: 'Greet as {greeting}',
    description: 'What it does, for a person who has never seen it.',
    connector: '${connector}',
    category: 'connector',
    keywords: ['${action.replaceAll('-', ' ')}'],
    params: z.strictObject({
      greeting: field.text({ label: 'Greeting', help: 'What the field is for.' }),
    }),
    outputs: ['records', 'rejected'],
    // none: pure; read: reads the outside; idempotent: may be repeated with the same key; once: must never be repeated blindly.
    effect: 'none',
    examples: [
      {
        title: 'A greeting',
        params: { greeting: '=Hello {{ $json.name }}' },
        input: [{ name: 'Ann' }],
        output: { records: [{ name: 'Ann', greeting: 'Hello Ann' }] },
      },
    ],
  },
  // For calls to a service: eachCall (one for each record), batches (many at once) or source (reads); see sdk/runners.ts.
  each((record, { greeting }) => ({ ...record, greeting })),
);
`;
}

function testText(action: string): string {
  const name = action.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return `import { expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import ${name}Node from './${action}.ts';

testNode(${name}Node);

it('rejects a record that has nothing to greet with', async () => {
  const { ports } = await runNode(${name}Node, { params: { greeting: '={{ $json.text }}' }, inputs: [{ text: 'Hi' }, {}] });
  expect(ports.records).toEqual([{ text: 'Hi', greeting: 'Hi' }]);
  expect(ports.rejected).toHaveLength(1);
});
`;
}

if (process.argv[1] === import.meta.filename) {
  const [connector, action, ...rest] = process.argv.slice(2);
  try {
    if (connector === undefined || action === undefined || rest.length > 0) {
      throw new Error('Say which connector and which action: npm run new-node billing send-invoice');
    }
    const paths = newNode(join(import.meta.dirname, '..'), connector, action);
    console.log(
      `Made ${paths.join(' and ')}; it is in the registry. Try it: npx vitest run --project unit nodes/${connector}`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
