import { z } from 'zod';
import { type DataRecord, defineNode, field, onePass, route } from '../../sdk/index.ts';
import { canonical, keyReads } from './exact-key.ts';
import { matchByKey, numbered } from './match-by-key.ts';
import { OrderedOutput } from './ordered-output.ts';
import { ownField } from './read-field.ts';

const params = z.strictObject({
  key: field.fieldNames({
    label: 'Same record when these fields are',
    help: 'What tells one record from all others, such as an id or an address.',
  }),
  ignore: field
    .of(z.array(z.string().min(1)), 'field-names', {
      label: 'Leave out',
      scope: 'step',
      help: 'Fields that may differ without the record counting as changed, such as the time of the last change.',
    })
    .default([]),
});

const PORTS = ['only-a', 'only-b', 'changed', 'same'] as const;
const ONLY_A = 0;
const ONLY_B = 1;
const CHANGED = 2;
const SAME = 3;

export default defineNode(
  {
    type: 'compare',
    version: 1,
    title: 'Compare',
    summary: 'Compare two lists by {key}',
    description:
      'Finds what is only in A, only in B, in both but changed, and the same in both. Changed and equal records come out as they are in B; those that changed say how in "_changes": a list of the field with its value in A and in B. Values are compared with their type (1 is not "1"), and a field that is not there counts as an empty one. Records whose key is empty meet none. Where a key occurs several times, the first in A meets the first in B, the second the second.',
    connector: 'data',
    category: 'data',
    keywords: ['diff', 'difference', 'changes', 'reconcile', 'added', 'removed', 'missing', 'delta', 'sync'],
    params,
    inputs: [
      { name: 'a', label: 'A (before)', many: true },
      { name: 'b', label: 'B (now)', many: true },
    ],
    outputs: [
      route('only-a', { label: 'only in A' }),
      route('only-b', { label: 'only in B' }),
      route('changed'),
      route('same'),
    ],
    examples: [
      {
        title: 'What has changed since yesterday',
        params: { key: ['id'], ignore: ['readAt'] },
      },
    ],
  },
  onePass(async (io) => {
    const { key, ignore } = io.stepParams();
    const ignored = new Set(ignore);
    const [a, b] = [io.input('a'), io.input('b')];
    const output = new OrderedOutput(io, PORTS);
    await matchByKey(
      io,
      { records: numbered(b, b.batches()), key: keyReads(key) },
      { records: numbered(a, a.batches()), key: keyReads(key) },
      {
        once: true,
        pair: (now, nowFrom, before, beforeFrom) => {
          const changes = changesOf(before, now, ignored);
          if (changes.length === 0) output.add(SAME, now, [nowFrom, beforeFrom]);
          else output.add(CHANGED, { ...now, _changes: changes }, [nowFrom, beforeFrom]);
        },
        aloneLeft: (now, from) => output.add(ONLY_B, now, from),
        aloneRight: (before, from) => output.add(ONLY_A, before, from),
      },
      output,
    );
    await output.finish();
  }),
);

/** The fields that differ, those of A in their order and then those that only B has. */
function changesOf(before: DataRecord, now: DataRecord, ignored: ReadonlySet<string>): DataRecord[] {
  const changes: DataRecord[] = [];
  const look = (name: string) => {
    if (ignored.has(name)) return;
    const read = ownField(name);
    const [a, b] = [read(before) ?? null, read(now) ?? null];
    if (a !== b && canonical(a) !== canonical(b)) changes.push({ field: name, a, b });
  };
  for (const name of Object.keys(before)) look(name);
  for (const name of Object.keys(now)) if (!Object.hasOwn(before, name)) look(name);
  return changes;
}
