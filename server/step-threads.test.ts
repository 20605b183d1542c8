import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import filter from '../nodes/data/filter.ts';
import setFields from '../nodes/data/set-fields.ts';
import sort from '../nodes/data/sort.ts';
import type { NodeDefinition } from '../sdk/index.ts';
import { engineWorld, type World, workflow } from '../tests/engine-world.ts';
import { stepThreads } from './step-threads.ts';

let world: World;
let started = 0;
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'sluice-threads-'));
  started = 0;
  world = engineWorld({
    home,
    nodes: [filter, setFields, sort] as unknown as NodeDefinition[],
    stepThread: () => {
      started++;
      return stepThreads(join(home, 'blobs')).open();
    },
  });
});
afterEach(() => world.close());

describe('a thread for large steps', () => {
  it('works on them with the nodes that are there, and leaves the rest alone', async () => {
    const request = workflow(
      {
        start: ['manual'],
        few: ['set-fields', { fields: { x: 1 } }],
        some: ['filter', { conditions: { all: [{ left: '={{ $json.n }}', is: 'greater-or-equal', right: 1000 }] } }],
        more: ['set-fields', { fields: { text: '=number {{ $json.n }}', twice: '={{ $json.n * 2 }}' } }],
        down: ['sort', { by: [{ field: 'n', order: 'descending' }] }],
      },
      ['start -> few', 'few -> some', 'some.kept -> more', 'more -> down'],
    );
    const small = await world.engine.start({ ...request, records: [{ n: 1000 }] });
    expect((await small.finished).status).toBe('succeeded');
    expect(started).toBe(0);
    const records = Array.from({ length: 30_000 }, (_, n) => ({ n }));
    const { id, finished } = await world.engine.start({ ...request, records });
    expect((await finished).status).toBe('succeeded');
    expect(started).toBe(1);
    const page = await world.engine.records(id, 'down', { offset: 28_998, limit: 5 });
    expect(page?.records).toEqual([1001, 1000].map((n) => ({ n, x: 1, text: `number ${n}`, twice: n * 2 })));
    const first = await world.engine.records(id, 'more', { offset: 0, limit: 1 });
    expect(first?.records).toEqual([{ n: 1000, x: 1, text: 'number 1000', twice: 2000 }]);
  });

  it('says that it could not be started, or has ended', async () => {
    const thread = stepThreads(join(world.home, 'blobs')).open();
    const gone = new Promise<Error>((resolve) => thread.listen({ message: () => {}, gone: resolve }));
    thread.close();
    expect((await gone).message).toMatch('ended with code');
  });
});
