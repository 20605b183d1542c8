// Over 400 lines: one scenario for each thing that a restart keeps, on the same few workflows.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataRecord, NodeError } from '../sdk/index.ts';
import type { RestartPreview } from '../spec/api/restart.ts';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

let world: World;

beforeEach(() => {
  world = engineWorld();
});

afterEach(() => world.close());

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
const inside = { parent: 'loop' };

async function ended(request: Parameters<World['engine']['start']>[0]) {
  return (await world.engine.start(request)).finished;
}

async function restarted(id: string, options: Parameters<World['engine']['restart']>[1] = {}) {
  world.outside.calls.length = 0;
  return (await world.engine.restart(id, options)).finished;
}

const called = () => world.outside.calls.map(({ record }) => record.n);

async function recordsOf(runId: string, node: string): Promise<readonly DataRecord[]> {
  return (await world.engine.records(runId, node, { offset: 0, limit: 100_000 }))?.records ?? [];
}

/** Fails every call for a record that `fails` names, until it is let go. */
function breakAt(...fails: unknown[]) {
  const broken = new Set(fails);
  world.outside.before = ({ n }) => {
    if (broken.has(n)) throw new NodeError({ class: 'config', code: 'no', message: `Not ${n}.`, remedy: 'Mend.' });
  };
  return () => broken.clear();
}

const fates = ({ steps }: RestartPreview) => Object.fromEntries(steps.map(({ node, fate }) => [node, fate]));
const stepIn = ({ steps }: RestartPreview, node: string) => steps.find((step) => step.node === node);

describe('a step of many calls that failed in the middle', () => {
  const request = (type: 'post' | 'upsert') =>
    workflow({ start: ['manual'], up: ['set', { fields: { up: 1 } }], put: [type], end: ['set', { fields: {} }] }, [
      'start -> up',
      'up -> put',
      'put -> end',
    ]);

  it.each(['post', 'upsert'] as const)('goes on at the first record that was not done: %s', async (type) => {
    const mend = breakAt(3);
    const first = await ended({ ...request(type), records: numbers(6) });
    expect(first.status).toBe('failed');
    const preview = await world.engine.previewRestart(first.id, {});
    expect(fates(preview)).toEqual({ up: 'reused', put: 'goes-on', end: 'first' });
    expect(stepIn(preview, 'put')?.note).toBe(
      'Records 1 to 3 of 6 are done and not repeated. It goes on with the other 3.',
    );
    mend();
    const second = await restarted(first.id);
    expect(second).toMatchObject({ status: 'succeeded', restartOf: first.id });
    expect(second.steps.find(({ node }) => node === 'up')).toMatchObject({ status: 'succeeded', reused: true });
    expect(called()).toEqual([3, 4, 5]);
    expect((await recordsOf(second.id, 'end')).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('goes on over several restarts, and after a crash of one', async () => {
    breakAt(1);
    const first = await ended({ ...request('post'), records: numbers(4) });
    breakAt(2);
    const second = await restarted(first.id);
    expect(called()).toEqual([1]);
    const mend = breakAt(3);
    const third = await restarted(second.id);
    expect(called()).toEqual([2]);
    world = world.crashed();
    mend();
    const fourth = await restarted(third.id);
    expect(called()).toEqual([3]);
    expect((await recordsOf(fourth.id, 'end')).map(({ n }) => n)).toEqual([0, 1, 2, 3]);
  });

  it('starts anew where its input may be another, and that is said', async () => {
    const mend = breakAt(3);
    const first = await ended({ ...request('post'), records: numbers(6) });
    mend();
    const preview = await world.engine.previewRestart(first.id, { from: 'up' });
    expect(stepIn(preview, 'put')).toMatchObject({
      fate: 'redone',
      repeats: 'It acted outside for 3 records in the run before, and does so a second time.',
    });
    await restarted(first.id, { from: 'up' });
    expect(called()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('starts anew where it ended well and is asked for by name', async () => {
    const first = await ended({ ...request('post'), records: numbers(2) });
    expect(stepIn(await world.engine.previewRestart(first.id, { from: 'put' }), 'put')?.repeats).toContain('2 records');
    expect(fates(await world.engine.previewRestart(first.id, {}))).toEqual({
      up: 'reused',
      put: 'reused',
      end: 'reused',
    });
    await restarted(first.id, { from: 'put' });
    expect(called()).toEqual([0, 1]);
  });

  it('asks a service again only for the records that it refused', async () => {
    world.outside.before = ({ n }) => {
      if (n === 1) throw new NodeError({ class: 'bad-data', code: 'bad', message: 'Bad.', remedy: 'Mend.' });
    };
    const first = await ended({ ...request('post'), records: numbers(4) });
    expect(first).toMatchObject({ status: 'failed', error: { code: 'records-rejected', node: 'put' } });
    expect(stepIn(await world.engine.previewRestart(first.id, {}), 'put')?.note).toBe(
      'Records 1 and 3 to 4 of 4 are done and not repeated. It goes on with the other 1.',
    );
    const anew = stepIn(await world.engine.previewRestart(first.id, { from: 'up' }), 'put');
    expect(anew?.repeats).toBe('It acted outside for 3 records in the run before, and does so a second time.');
    world.outside.before = () => {};
    const second = await restarted(first.id);
    expect(second.status).toBe('succeeded');
    expect(called()).toEqual([1]);
    expect((await recordsOf(second.id, 'end')).map(({ n }) => n)).toEqual([0, 1, 2, 3]);
  });
});

it('says of no record that it is repeated when the service refused all of them', async () => {
  world.outside.before = () => {
    throw new NodeError({ class: 'bad-data', code: 'bad', message: 'Bad.', remedy: 'Mend.' });
  };
  const first = await ended({
    ...workflow({ start: ['manual'], put: ['post'] }, ['start -> put']),
    records: numbers(2),
  });
  const put = stepIn(await world.engine.previewRestart(first.id, {}), 'put');
  expect(put).toMatchObject({ fate: 'redone' });
  expect(put).not.toHaveProperty('repeats');
});

describe('a failure that is taken care of', () => {
  it('is taken over with its records, and what it led to is not done again', async () => {
    const request = workflow(
      {
        start: ['manual'],
        first: ['upsert', {}, { onError: 'branch' }],
        tell: ['post'],
        fork: ['set', { fields: { n: 7 } }],
        second: ['upsert'],
      },
      ['start -> first', 'first.error -> tell', 'start -> fork', 'fork -> second'],
    );
    world.outside.before = ({ n, _error }) => {
      if (!_error) throw new NodeError({ class: 'config', code: 'no', message: `Not ${n}.`, remedy: 'Mend.' });
    };
    const first = await ended({ ...request, records: [{ n: 5 }] });
    expect(first).toMatchObject({ status: 'failed', error: { node: 'second' } });
    expect(fates(await world.engine.previewRestart(first.id, {}))).toEqual({
      first: 'reused',
      tell: 'reused',
      fork: 'reused',
      second: 'redone',
    });
    world.outside.before = () => {};
    const second = await restarted(first.id);
    expect(second.status).toBe('succeeded');
    expect(called()).toEqual([7]);
    expect(second.steps.find(({ node }) => node === 'first')).toMatchObject({ status: 'failed', reused: true });
  });
});

describe('on the newest version', () => {
  it('says what is new, changed and gone, and does again what comes after', async () => {
    const mend = breakAt(1);
    const old = workflow(
      {
        start: ['manual'],
        a: ['set', { fields: { a: 1 } }],
        b: ['read'],
        c: ['set', { fields: { c: 1 } }],
        put: ['post'],
      },
      ['start -> a', 'a -> b', 'b -> put', 'start -> c'],
    );
    const first = await ended({ ...old, records: numbers(2) });
    mend();
    expect(first.status).toBe('failed');
    const { document, version } = workflow(
      {
        start: ['manual'],
        a: ['set', { fields: { a: 2 } }],
        b: ['read'],
        mid: ['set', { fields: { mid: 1 } }],
        put: ['post'],
      },
      ['start -> a', 'a -> b', 'b -> mid', 'mid -> put'],
    );
    const preview = await world.engine.previewRestart(first.id, { document, version });
    expect(fates(preview)).toEqual({ a: 'reused', b: 'redone', mid: 'first', put: 'first' });
    expect(stepIn(preview, 'a')).toMatchObject({ isChanged: true, isNew: false });
    expect(stepIn(preview, 'mid')).toMatchObject({ isNew: true });
    expect(preview.gone).toEqual([{ node: 'c', name: 'c' }]);
    const second = await restarted(first.id, { document, version });
    expect(second.status).toBe('succeeded');
    expect(await recordsOf(second.id, 'put')).toMatchObject([
      { a: 1, mid: 1 },
      { a: 1, mid: 1 },
    ]);
  });

  it('says when the trigger that started it is gone', async () => {
    const first = await ended({ ...workflow({ start: ['manual'], a: ['fail'] }, ['start -> a']), records: [{}] });
    const { document, version } = workflow({ other: ['manual'], a: ['fail'] }, ['other -> a']);
    expect((await world.engine.previewRestart(first.id, { document, version })).triggerIsGone).toBe(true);
    expect((await world.engine.previewRestart(first.id, {})).triggerIsGone).toBe(false);
  });
});

describe('a container that failed', () => {
  const loop = (params: DataRecord, more: Partial<Parameters<typeof workflow>[0]> = {}) =>
    workflow(
      {
        start: ['manual'],
        loop: ['for-each', params],
        one: ['post', {}, inside],
        two: ['upsert', {}, inside],
        ...more,
        after: ['set', { fields: {} }],
      } as Parameters<typeof workflow>[0],
      ['start -> loop', 'one -> two', 'loop -> after'],
    );

  it('keeps the rounds that ended well, and goes on inside the one that did not', async () => {
    let broken = true;
    world.outside.before = ({ n, done }) => {
      if (broken && n === 2 && done) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: '' });
    };
    const first = await ended({ ...loop({}), records: numbers(5) });
    expect(first.status).toBe('failed');
    expect(world.outside.calls.map(({ record }) => [record.n, record.done ?? false])).toEqual([
      [0, false],
      [0, true],
      [1, false],
      [1, true],
      [2, false],
    ]);
    const preview = await world.engine.previewRestart(first.id, {});
    expect(fates(preview)).toEqual({ loop: 'goes-on', one: 'goes-on', two: 'goes-on', after: 'first' });
    expect(stepIn(preview, 'loop')?.note).toBe('2 rounds ended well and are kept. It goes on with the other 3.');
    broken = false;
    const second = await restarted(first.id);
    expect(second.status).toBe('succeeded');
    expect(world.outside.calls.map(({ record }) => [record.n, record.done ?? false])).toEqual([
      [2, true],
      [3, false],
      [3, true],
      [4, false],
      [4, true],
    ]);
    expect((await recordsOf(second.id, 'after')).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    const row = (node: string) => second.steps.find((step) => step.node === node);
    expect(row('loop')).toMatchObject({ rounds: { done: 5, total: 5, failed: 0 } });
    expect(row('two')).toMatchObject({ status: 'succeeded', rounds: { done: 5, failed: 0 } });
  });

  it('repeats nothing in any of many rounds that failed at once', async () => {
    let broken = true;
    world.outside.before = ({ done }) => {
      if (broken && done) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: '' });
    };
    const first = await ended({ ...loop({ parallel: 20 }), records: numbers(20) });
    expect(first.status).toBe('failed');
    expect(called()).toHaveLength(20);
    broken = false;
    const second = await restarted(first.id);
    expect(second.status).toBe('succeeded');
    const again = world.outside.calls.filter(({ record }) => !record.done);
    expect(again, 'once calls repeated').toEqual([]);
  });

  it('goes on record by record in a round, and in a container of a container', async () => {
    const mend = breakAt(5);
    const request = workflow(
      {
        start: ['manual'],
        loop: ['for-each', { batchSize: 4 }],
        inner: ['for-each', { batchSize: 2 }, inside],
        put: ['post', {}, { parent: 'inner' }],
        after: ['set', { fields: {} }],
      },
      ['start -> loop', 'loop -> after'],
    );
    const first = await ended({ ...request, records: numbers(8) });
    expect(called()).toEqual([0, 1, 2, 3, 4]);
    mend();
    const second = await restarted(first.id);
    expect(second.status).toBe('succeeded');
    expect(called()).toEqual([5, 6, 7]);
    expect((await recordsOf(second.id, 'after')).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('goes on with another policy for failed rounds, and begins anew with rounds of another size', async () => {
    breakAt(2);
    const first = await ended({ ...loop({ onItemError: 'stop' }), records: numbers(4) });
    const policy = loop({ onItemError: 'continue' });
    const second = await restarted(first.id, policy);
    expect(second.status).toBe('succeeded');
    expect(called()).toEqual([3, 3]);
    const size = await world.engine.previewRestart(first.id, loop({ batchSize: 2 }));
    expect(stepIn(size, 'loop')).toMatchObject({ fate: 'redone' });
    expect(stepIn(size, 'one')?.repeats).toContain('acted outside for');
  });

  it('a repeat goes on after the last round that ended well; one whose rounds are used up begins anew', async () => {
    const repeat = (maxRounds: number) =>
      workflow(
        {
          start: ['manual'],
          loop: [
            'repeat-until',
            { maxRounds, until: { all: [{ left: '={{ $json.n }}', is: 'greater-or-equal', right: 4 }] } },
          ],
          add: ['set', { fields: { n: '={{ $json.n + 1 }}' } }, inside],
          put: ['upsert', {}, inside],
        },
        ['start -> loop', 'add -> put'],
      );
    const mend = breakAt(3);
    const first = await ended({ ...repeat(9), records: [{ n: 0 }] });
    expect(called()).toEqual([1, 2]);
    mend();
    expect((await restarted(first.id)).status).toBe('succeeded');
    expect(called()).toEqual([3, 4]);
    const used = await ended({ ...repeat(2), records: [{ n: 0 }] });
    expect(used).toMatchObject({ error: { code: 'rounds-used-up' } });
    await restarted(used.id);
    expect(called()).toEqual([1, 2]);
    expect((await restarted(used.id, repeat(5))).status).toBe('succeeded');
    expect(called()).toEqual([3, 4]);
  });
});

describe('a call that was under way at a cancel', () => {
  async function cancelledInCall() {
    await world.close();
    const clock = new FakeClock();
    world = engineWorld({ clock });
    const inCall = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    world.outside.after = ({ n }) => {
      if (n !== 1) return;
      inCall.resolve();
      return answer.promise;
    };
    const request = workflow({ start: ['manual'], put: ['post'] }, ['start -> put']);
    const { id, finished } = await world.engine.start({ ...request, records: numbers(3), until: 'accepted' });
    await inCall.promise;
    await world.engine.cancel(id, 'Ada');
    clock.advance(5_000);
    return { id, answer, finished };
  }

  it('is settled when its answer comes after all, and is not made again', async () => {
    const { id, answer, finished } = await cancelledInCall();
    const view = await finished;
    expect(view.status).toBe('cancelled');
    expect(view.steps.find(({ node }) => node === 'put')).toMatchObject({
      status: 'cancelled',
      unsettled: [{ start: 1, count: 1 }],
    });
    answer.resolve();
    await expect.poll(async () => (await world.engine.run(id))?.steps.at(-1)?.unsettled).toBeUndefined();
    world.outside.after = () => {};
    expect(stepIn(await world.engine.previewRestart(id, {}), 'put')?.note).toBe(
      'Records 1 to 2 of 3 are done and not repeated. It goes on with the other 1.',
    );
    expect((await restarted(id)).status).toBe('succeeded');
    expect(called()).toEqual([2]);
  });

  it('stays in doubt without one, and a restart asks before it is made again', async () => {
    const { id, finished } = await cancelledInCall();
    await finished;
    world.outside.after = () => {};
    expect(stepIn(await world.engine.previewRestart(id, {}), 'put')?.note).toBe(
      'Record 1 of 3 is done and not repeated. It goes on with the other 2. What became of record 2 is not known: unless the service can say, you are asked before it is done.',
    );
    const key = world.outside.calls[1]?.key;
    world.outside.calls.length = 0;
    const asked = Promise.withResolvers<void>();
    world.engine.on((event) => event.kind === 'run' && event.run.status === 'needs-you' && asked.resolve());
    const again = await world.engine.restart(id, {});
    await asked.promise;
    expect(called()).toEqual([]);
    expect((await world.engine.run(again.id))?.steps.at(-1)?.wait).toMatchObject({ kind: 'unknown-outcome', key });
    await world.engine.answer(again.id, 'put', { kind: 'done', by: 'Ada' });
    expect((await again.finished).status).toBe('succeeded');
    expect(called()).toEqual([2]);
  });
});

describe('what is taken over', () => {
  it('does not go with the run that it came from', async () => {
    const text = 'x'.repeat(2000);
    const mend = breakAt('last');
    const request = workflow(
      {
        start: ['manual'],
        big: ['set', { fields: { text } }],
        more: ['set', { fields: { more: '={{ $json.n + 1 }}' } }],
        last: ['set', { fields: { n: 'last' } }],
        put: ['read'],
      },
      ['start -> big', 'big -> more', 'more -> last', 'last -> put'],
    );
    const first = await ended({ ...request, records: numbers(8000) });
    expect(first.status).toBe('failed');
    mend();
    const second = await restarted(first.id);
    expect(second.status).toBe('succeeded');
    await world.store.dropRun(first.id, []);
    await world.blobs.delete(`runs/${first.id}`);
    const kept = await recordsOf(second.id, 'big');
    expect(kept.length).toBe(8000);
    expect(kept[7999]).toEqual({ n: 7999, text });
    expect((await recordsOf(second.id, 'more'))[7999]).toEqual({ n: 7999, text, more: 8000 });
  });

  it('is there from the first moment that the new run is, or nothing is', async () => {
    const mend = breakAt(1);
    const request = workflow({ start: ['manual'], put: ['post'] }, ['start -> put']);
    const first = await ended({ ...request, records: numbers(2) });
    mend();
    world.outside.calls.length = 0;
    const accept = world.store.acceptRun.bind(world.store);
    world.store.acceptRun = () => Promise.reject(new Error('killed'));
    await expect(world.engine.restart(first.id, {})).rejects.toThrow('killed');
    world.store.acceptRun = accept;
    expect(await world.store.unfinishedRuns()).toEqual([]);
    const drive = world.engine.restart(first.id, {});
    await drive;
    world = world.crashed();
    await world.engine.recover();
    const [run] = (await world.engine.runs({ limit: 1 })).runs;
    expect(await world.engine.finished(run?.id ?? '')).toMatchObject({ status: 'succeeded', restartOf: first.id });
    expect(called()).not.toContain(0);
  });
});
