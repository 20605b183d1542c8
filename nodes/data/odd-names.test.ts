import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { runNode } from '../../sdk/testing/index.ts';
import check from './check.ts';
import dedupe from './dedupe.ts';
import filter from './filter.ts';
import pickFields from './pick-fields.ts';
import { readCsv } from './read-csv.ts';
import renameFields from './rename-fields.ts';
import setFields from './set-fields.ts';
import sort from './sort.ts';
import splitOut from './split-out.ts';

const text = '{"id":1,"__proto__":{"a":1},"list":[2]}';

it.each([
  ['set-fields', setFields, { fields: { x: 1 } }, `${text.slice(0, -1)},"x":1}`],
  ['set-fields, listed', setFields, { fields: {}, keep: 'listed', names: ['__proto__'] }, '{"__proto__":{"a":1}}'],
  ['set-fields, except', setFields, { fields: {}, keep: 'except', names: ['list'] }, '{"id":1,"__proto__":{"a":1}}'],
  ['rename-fields', renameFields, { fields: { list: 'l' } }, '{"id":1,"__proto__":{"a":1},"l":[2]}'],
  ['pick-fields', pickFields, { fields: ['__proto__', 'id'] }, '{"__proto__":{"a":1},"id":1}'],
  ['filter', filter, { conditions: { all: [{ left: 1, is: 'equals', right: 1 }] } }, text],
  ['sort', sort, { by: [{ field: '__proto__.a' }] }, text],
  ['dedupe', dedupe, { by: ['__proto__.a'] }, text],
  ['split-out', splitOut, { field: 'list' }, '{"id":1,"__proto__":{"a":1},"list":2}'],
  ['check', check, { rules: [{ rule: 'not-null', field: '__proto__' }] }, text],
] as const)('%s keeps a field called __proto__', async (_name, node, params, expected) => {
  const { ports } = await runNode(node as typeof filter, { params: params as never, inputs: [JSON.parse(text)] });
  const given = Object.values(ports).flat();
  expect(JSON.stringify(given)).toBe(`[${expected}]`);
});

it('a field can come to be called so', async () => {
  const { ports } = await runNode(renameFields, {
    params: { fields: { id: '__proto__' } },
    inputs: [{ id: { a: 1 } }],
  });
  expect(JSON.stringify(ports.records)).toBe('[{"__proto__":{"a":1}}]');
});

it('so can a column of a file', async () => {
  const options = { delimiter: ',', header: true, types: 'detect', decimal: '.' } as const;
  const rows = readCsv(Readable.from(['__proto__,b\n1,2\n']), options);
  expect(JSON.stringify([(await rows.next()).value])).toBe('[{"__proto__":1,"b":2}]');
});
