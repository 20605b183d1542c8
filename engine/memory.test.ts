import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import dedupe from '../nodes/data/dedupe.ts';
import { type DataRecord, type NodeDefinition, NodeError } from '../sdk/index.ts';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

const nodes = [dedupe as unknown as NodeDefinition];
let world: World;

beforeEach(() => {
  world = engineWorld({ nodes });
});

afterEach(() => world.close());

const fresh: [string, DataRecord] = ['dedupe', { by: ['n'], across: 'workflow' }];
const records = [{ n: 1 }, { n: 2 }];

async function ended(request: Parameters<World['engine']['start']>[0]) {
  const view = await (await world.engine.start(request)).finished;
  return { id: view.id, status: view.status, passed: view.steps.find(({ node }) => node === 'fresh')?.out.records };
}

const plain = workflow({ start: ['manual'], fresh }, ['start -> fresh']);
const passes = async () => (await ended({ ...plain, records })).passed;

/** Somebody is asked for an approval. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'needs-you') resolve();
    });
  });
}

/** Fails while it is told to. */
function breakable() {
  let broken = true;
  world.outside.before = () => {
    if (broken) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: 'Mend.' });
  };
  return () => {
    broken = false;
  };
}

describe('what a step remembers', () => {
  it.each(['always', 'failed'])(
    'is there as soon as the end of its run is, wherever a crash comes (saved: %s)',
    async (saved) => {
      const done = Promise.withResolvers<void>();
      const dies =
        (act: (...args: never[]) => Promise<void>) =>
        async (...args: never[]) => {
          await act.apply(world.store, args);
          done.resolve();
          await new Promise(() => {});
        };
      world.store.finishRun = dies(world.store.finishRun);
      world.store.dropRun = dies(world.store.dropRun);
      const { finished } = await world.engine.start({
        ...plain,
        records,
        until: 'accepted',
        keepOnlyFailed: saved === 'failed',
      });
      finished.catch(() => {});
      await done.promise;
      world = world.crashed();
      await world.engine.recover();
      expect(await passes()).toBe(0);
    },
  );

  it.each(['at the top', 'in rounds that are folded'])(
    'outlives a crash before the end of the run: %s',
    async (where) => {
      const more = where === 'at the top' ? {} : { parent: 'loop' };
      const request = workflow(
        { start: ['manual'], loop: ['for-each', { batchSize: 2 }], fresh: [...fresh, more], ask: ['approve'] },
        where === 'at the top' ? ['start -> fresh', 'fresh -> ask'] : ['start -> loop', 'loop -> ask'],
      );
      const asking = asked();
      const { id, finished } = await world.engine.start({
        ...request,
        records: [{ n: 8 }, { n: 9 }, ...records],
        until: 'accepted',
      });
      finished.catch(() => {});
      await asking;
      await vi.waitUntil(() => !world.engine.isActive(id));
      world = world.crashed();
      await world.engine.recover();
      await vi.waitUntil(() => world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' }));
      expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
      expect(await passes()).toBe(0);
    },
  );

  it('is not kept by a run that fails, and is by the restart that goes on with it', async () => {
    const mend = breakable();
    const request = workflow({ start: ['manual'], fresh, put: ['upsert'] }, ['start -> fresh', 'fresh -> put']);
    const first = await ended({ ...request, records });
    expect(first.status).toBe('failed');
    expect(await world.store.readMemory('test', 'fresh', 'seen')).toBeUndefined();
    mend();
    const second = await (await world.engine.restart(first.id, {})).finished;
    expect(second.status).toBe('succeeded');
    expect(await passes()).toBe(0);
  });

  it('is kept of all rounds of a container, also by the restart that takes them over', async () => {
    const mend = breakable();
    const request = workflow(
      {
        start: ['manual'],
        loop: ['for-each', { batchSize: 2, parallel: 2 }],
        inner: ['for-each', { batchSize: 1, parallel: 2 }, { parent: 'loop' }],
        fresh: [...fresh, { parent: 'inner' }],
        put: ['upsert'],
      },
      ['start -> loop', 'loop -> put'],
    );
    const more = [...records, { n: 3 }, { n: 4 }];
    const first = await ended({ ...request, records: more });
    expect(first.status).toBe('failed');
    mend();
    await (await world.engine.restart(first.id, {})).finished;
    expect(await world.store.readMemory('test', 'fresh', 'seen')).toHaveLength(4);
    expect(await passes()).toBe(0);
  });

  describe('is known to the rounds of a container', () => {
    const twice = [...records, ...records];
    const inRounds = (params: DataRecord, more: Parameters<typeof workflow>[0] = {}, edges: readonly string[] = []) =>
      workflow({ start: ['manual'], loop: ['for-each', params], fresh: [...fresh, { parent: 'loop' }], ...more }, [
        'start -> loop',
        ...edges,
      ]);
    const given = async ({ id }: { id: string }) =>
      (await world.engine.records(id, 'loop', { offset: 0, limit: 100 }))?.records;

    it('that begin after others have ended well', async () => {
      expect(await given(await ended({ ...inRounds({ batchSize: 2 }), records: [...twice, { n: 3 }] }))).toEqual([
        ...records,
        { n: 3 },
      ]);
      expect(await world.store.readMemory('test', 'fresh', 'seen')).toHaveLength(3);
      expect(
        await given(await ended({ ...inRounds({ batchSize: 1 }), records: [{ n: 3 }, { n: 4 }, { n: 4 }] })),
      ).toEqual([{ n: 4 }]);
    });

    it('also of containers in containers', async () => {
      const request = workflow(
        {
          start: ['manual'],
          loop: ['for-each', { batchSize: 2 }],
          inner: ['for-each', { batchSize: 1 }, { parent: 'loop' }],
          fresh: [...fresh, { parent: 'inner' }],
        },
        ['start -> loop'],
      );
      expect(await given(await ended({ ...request, records: [{ n: 1 }, { n: 1 }, ...twice] }))).toEqual(records);
    });

    it('and forgotten with a round that fails', async () => {
      let failures = 1;
      world.outside.before = () => {
        if (failures-- > 0) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: 'Mend.' });
      };
      const request = inRounds({ batchSize: 2, onItemError: 'continue' }, { put: ['upsert', {}, { parent: 'loop' }] }, [
        'fresh -> put',
      ]);
      expect(await given(await ended({ ...request, records: twice }))).toHaveLength(2);
      expect(await passes()).toBe(0);
    });

    it('after a crash', async () => {
      const request = inRounds({ batchSize: 2 }, { wait: ['approve', {}, { parent: 'loop' }] }, ['fresh -> wait']);
      const asking = asked();
      const { id, finished } = await world.engine.start({
        ...request,
        records: [...twice, { n: 3 }],
        until: 'accepted',
      });
      finished.catch(() => {});
      await asking;
      for (const round of [0, 1, 2]) {
        await vi.waitUntil(() => !world.engine.isActive(id));
        world = world.crashed();
        await world.engine.recover();
        await vi.waitUntil(() => world.engine.answer(id, `loop/${round}/wait`, { kind: 'approved', by: 'Ada' }));
      }
      expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
      expect(await given({ id })).toEqual([...records, { n: 3 }]);
    });

    it('of which a restart goes on with those that ended well', async () => {
      let calls = 0;
      world.outside.before = () => {
        if (++calls === 2) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: 'Mend.' });
      };
      const request = inRounds({ batchSize: 1 }, { put: ['upsert', {}, { parent: 'loop' }] }, ['fresh -> put']);
      const first = await ended({ ...request, records: twice });
      expect(first.status).toBe('failed');
      const second = await (await world.engine.restart(first.id, {})).finished;
      expect(await given(second)).toHaveLength(2);
      expect(await passes()).toBe(0);
    });

    it('and a restart lets through again what rounds had that it does again', async () => {
      const mend = breakable();
      const many = Array.from({ length: 14 }, (_, n) => ({ n }));
      const params = { batchSize: 1, parallel: many.length };
      const request = inRounds(params, { put: ['upsert', {}, { parent: 'loop' }] }, ['fresh -> put']);
      const first = await ended({ ...request, records: many });
      expect(first.status).toBe('failed');
      mend();
      const second = await (await world.engine.restart(first.id, {})).finished;
      expect(await given(second)).toHaveLength(many.length);
      expect(await world.store.readMemory('test', 'fresh', 'seen')).toHaveLength(many.length);
    });
  });

  it('is kept of all runs that are on at the same time', async () => {
    const request = workflow({ start: ['manual'], fresh, ask: ['approve'] }, ['start -> fresh', 'fresh -> ask']);
    const runs = await Promise.all(
      records.map((record) => world.engine.start({ ...request, records: [record], until: 'accepted' })),
    );
    for (const { id, finished } of runs) {
      await vi.waitUntil(() => world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' }));
      expect(await finished).toMatchObject({ status: 'succeeded' });
    }
    expect(await passes()).toBe(0);
  });

  it('is not kept where the node is only tried out', async () => {
    await ended({ ...plain, records, only: 'fresh' });
    expect(await passes()).toBe(2);
  });
});

describe('the watermark', () => {
  const at = (minute: number) => new Date(Date.parse('2026-01-15T12:00:00Z') + minute * 60_000).toISOString();
  const clock = () => world.clock as FakeClock;
  const watermark = () => world.store.readMemory('test', '', 'watermark');
  const read: [string, DataRecord] = ['set', { fields: { since: '={{ $run.watermark }}' } }];
  const reading = workflow({ start: ['manual'], read, put: ['upsert'] }, ['start -> read', 'read -> put']);

  beforeEach(async () => {
    await world.close();
    world = engineWorld({ nodes, clock: new FakeClock() });
  });

  it('is moved by a restart only as far as the run before has read, if that is taken over', async () => {
    const mend = breakable();
    const first = await ended({ ...reading, records });
    mend();
    clock().advance(60_000);
    const second = await (await world.engine.restart(first.id, {})).finished;
    expect(await watermark()).toBe(at(0));
    clock().advance(60_000);
    await (await world.engine.restart(second.id, { from: 'put' })).finished;
    expect(await watermark()).toBe(at(0));
    await (await world.engine.restart(second.id, { from: 'read' })).finished;
    expect(await watermark()).toBe(at(2));
  });

  it('is not taken back by the restart of a run that others have overtaken', async () => {
    const mend = breakable();
    const first = await ended({ ...reading, records });
    mend();
    clock().advance(60_000);
    await ended({ ...reading, records });
    await (await world.engine.restart(first.id, {})).finished;
    expect(await watermark()).toBe(at(1));
  });
});
