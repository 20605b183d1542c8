import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeError } from '../sdk/index.ts';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

let world: World;

beforeEach(() => {
  world = engineWorld();
});

afterEach(() => world.close());

async function recordsOf(runId: string, node: string, port?: string) {
  const page = await world.engine.records(runId, node, { offset: 0, limit: 100, ...(port ? { port } : {}) });
  return page?.records;
}

describe('after a stop in the middle', () => {
  async function stoppedInCall(effect: 'upsert' | 'post', more = {}) {
    const inCall = Promise.withResolvers<void>();
    world.outside.after = ({ n }) => {
      if (n !== 2) return;
      inCall.resolve();
      return new Promise(() => {});
    };
    const request = workflow(
      { start: ['manual'], up: ['set', { fields: { at: '={{ $now.toMillis() }}' } }], put: [effect, {}, more] },
      ['start -> up', 'up -> put'],
    );
    const { id, finished } = await world.engine.start({
      ...request,
      records: [{ n: 1 }, { n: 2 }, { n: 3 }],
      until: 'accepted',
    });
    finished.catch(() => {});
    await inCall.promise;
    await world.store.loadRun(id);
    world.outside.after = () => {};
    world = world.crashed();
    return { id };
  }

  it('an idempotent step goes on from its last finished call, with the same key', async () => {
    const { id } = await stoppedInCall('upsert');
    await world.engine.recover();
    const view = await world.engine.finished(id);
    expect(view.status).toBe('succeeded');
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([1, 2, 2, 3]);
    expect(world.outside.calls[1]?.key).toBe(world.outside.calls[2]?.key);
    expect(world.outside.calls[1]?.record).toEqual(world.outside.calls[2]?.record);
    expect(await recordsOf(id, 'put')).toHaveLength(3);
  });

  it('an idempotent step goes on from its last finished batch, from a journal that holds no records', async () => {
    const inThird = Promise.withResolvers<void>();
    world.outside.after = ({ n }) => {
      if (n !== 4) return;
      inThird.resolve();
      return new Promise(() => {});
    };
    const request = workflow({ start: ['manual'], put: ['load'], bad: ['set', { fields: {} }] }, [
      'start -> put',
      'put.rejected -> bad',
    ]);
    const records = [0, 1, 2, 3, 4, 5, 6].map((n) => ({ n, bad: n === 1 }));
    const { id, finished } = await world.engine.start({ ...request, records, until: 'accepted' });
    finished.catch(() => {});
    await inThird.promise;
    const stored = await world.store.loadRun(id);
    const done = stored?.journal.filter(({ is }) => is.startsWith('effect-'));
    const entry = { at: expect.any(Number), is: 'effect-done', step: 'put', key: expect.any(String) };
    expect(done).toEqual([
      { ...entry, start: 0, count: 2, result: [{ at: 1, fault: expect.objectContaining({ code: 'bad' }) }] },
      { ...entry, start: 2, count: 2 },
    ]);
    world.outside.after = () => {};
    world = world.crashed();
    await world.engine.recover();
    expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([0, 1, 2, 3, 4, 4, 5, 6]);
    expect(world.outside.calls[4]?.key).toBe(world.outside.calls[5]?.key);
    expect((await recordsOf(id, 'put'))?.map(({ n }) => n)).toEqual([0, 2, 3, 4, 5, 6]);
    expect((await recordsOf(id, 'put', 'rejected'))?.map(({ n }) => n)).toEqual([1]);
  });

  it('a once step asks a person about the call that was under way, and repeats nothing', async () => {
    const { id } = await stoppedInCall('post');
    const asked = Promise.withResolvers<void>();
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'needs-you') asked.resolve();
    });
    await world.engine.recover();
    await asked.promise;
    expect(world.outside.calls).toHaveLength(2);
    const finished = world.engine.finished(id);
    expect(await world.engine.answer(id, 'put', { kind: 'done', by: 'Ada' })).toBe(true);
    expect(await finished).toMatchObject({ status: 'succeeded' });
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([1, 2, 3]);
    expect((await recordsOf(id, 'put'))?.map((record) => record.n)).toEqual([1, 2, 3]);
  });

  it('a once step follows the policy of its node', async () => {
    const { id } = await stoppedInCall('post', { unknownOutcome: 'repeat' });
    await world.engine.recover();
    expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([1, 2, 2, 3]);
  });
});

describe('a run with a long journal', () => {
  /** Its first two steps are over, and a call of the third is under way. */
  async function stoppedLate(): Promise<string> {
    world.outside.answer = (record) => ({ ...record, body: 'x'.repeat(400_000) });
    const inCall = Promise.withResolvers<void>();
    world.outside.before = () => {
      if (world.outside.calls.length < 2) return;
      inCall.resolve();
      return new Promise(() => {});
    };
    const request = workflow({ start: ['manual'], one: ['post'], two: ['post'], put: ['upsert'] }, [
      'start -> one',
      'one -> two',
      'two -> put',
    ]);
    const { id, finished } = await world.engine.start({ ...request, records: [{ n: 1 }], until: 'accepted' });
    finished.catch(() => {});
    await inCall.promise;
    await expect.poll(async () => (await world.store.loadRun(id))?.more).toBeDefined();
    world.outside.before = () => {};
    world = world.crashed();
    return id;
  }

  it('goes on from all of it', async () => {
    const id = await stoppedLate();
    await world.engine.recover();
    expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
    expect(world.outside.calls).toHaveLength(3);
  });

  it('is looked at as it is then, when it ends while it is read', async () => {
    const id = await stoppedLate();
    const reading = vi.spyOn(world.store, 'loadJournal').mockImplementationOnce(async () => {
      await world.engine.recover();
      await world.engine.finished(id);
      return undefined;
    });
    expect(await world.engine.run(id)).toMatchObject({ status: 'succeeded' });
    expect(reading).toHaveBeenCalled();
  });
});

describe('a parked run', () => {
  it('is taken up once, whatever wakes it while it is being put away', async () => {
    await world.close();
    const clock = new FakeClock();
    world = engineWorld({ clock });
    // Each append is held until it is let go.
    const held: (() => void)[] = [];
    const append = world.store.append.bind(world.store);
    world.store.append = async (...args) => {
      await append(...args);
      await new Promise<void>((resolve) => held.push(resolve));
    };
    const letGo = async () => {
      await vi.waitUntil(() => held.length > 0);
      held.shift()?.();
    };
    const request = workflow(
      {
        start: ['manual'],
        one: ['wait', { ms: 10 }],
        two: ['wait', { ms: 20 }],
        first: ['post'],
        second: ['post'],
      },
      ['start -> one', 'start -> two', 'one -> first', 'two -> second'],
    );
    const { id } = await world.engine.start({ ...request, records: [{}], until: 'accepted' });
    await vi.waitUntil(() => held.length > 0);
    // The first wait ends while the run is being put away, the second when it has just gone.
    clock.advance(10);
    await vi.waitUntil(() => held.length > 1);
    await letGo();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(10);
    let isOver = false;
    const finished = world.engine.finished(id).then((view) => {
      isOver = true;
      return view;
    });
    while (!isOver) {
      held.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await finished).status).toBe('succeeded');
    expect(world.outside.calls).toHaveLength(2);
  });
});

describe('what was acknowledged before a stop', () => {
  /** A run that waits for an approval, and the entries that are durable of it. */
  async function asking() {
    const asked = Promise.withResolvers<void>();
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'needs-you') asked.resolve();
    });
    const request = workflow({ start: ['manual'], ask: ['approve'], hang: ['hang'] }, [
      'start -> ask',
      'ask.approved -> hang',
    ]);
    const { id, finished } = await world.engine.start({ ...request, until: 'accepted' });
    finished.catch(() => {});
    await asked.promise;
    const kept = async () => (await world.store.loadRun(id))?.journal.map((entry) => entry.is);
    return { id, kept };
  }

  it('an answer is durable', async () => {
    const { id, kept } = await asking();
    await world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' });
    const entries = await kept();
    world = world.crashed();
    expect(entries).toContain('step-woken');
  });

  it('a cancel is durable, also of a run with a step that does not stop', async () => {
    const { id, kept } = await asking();
    const started = Promise.withResolvers<void>();
    world.engine.on((event) => {
      if (event.kind === 'step' && event.step.node === 'hang' && event.step.status === 'running') started.resolve();
    });
    await world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' });
    await started.promise;
    await world.engine.cancel(id, 'Ada');
    const run = await world.store.loadRun(id);
    expect(run?.snapshot !== undefined || (await kept())?.includes('cancel-requested')).toBe(true);
  });
});

describe('a restart', () => {
  it('takes over what went well and does the rest again', async () => {
    let broken = true;
    world.outside.before = () => {
      if (broken) throw new NodeError({ class: 'config', code: 'broken', message: 'Broken.', remedy: 'Mend it.' });
    };
    const request = workflow({ start: ['manual'], put: ['upsert'], read: ['read'], end: ['set', { fields: {} }] }, [
      'start -> put',
      'put -> read',
      'read -> end',
    ]);
    const first = await (await world.engine.start({ ...request, records: [{ n: 1 }] })).finished;
    expect(first.status).toBe('failed');
    broken = false;
    const second = await (await world.engine.restart(first.id, {})).finished;
    expect(second).toMatchObject({ status: 'succeeded', restartOf: first.id, cause: 'restart' });
    world.outside.calls.length = 0;
    const third = await (await world.engine.restart(second.id, { from: 'read' })).finished;
    expect(third.status).toBe('succeeded');
    expect(world.outside.calls.map(({ record }) => record.done)).toEqual([true]);
  });
});

describe('a start', () => {
  it('leaves a run whose node type has gone, and goes on with the others', async () => {
    const parked = Promise.withResolvers<void>();
    let waiting = 0;
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'needs-you' && ++waiting === 2) parked.resolve();
    });
    const good = workflow({ start: ['manual'], ask: ['approve'] }, ['start -> ask']);
    const other = workflow({ start: ['manual'], ask: ['approve'], more: ['set', { fields: {} }] }, [
      'start -> ask',
      'ask.approved -> more',
    ]);
    const kept = await world.engine.start({ ...good, until: 'accepted' });
    const lost = await world.engine.start({ ...other, until: 'accepted' });
    await parked.promise;
    world = await world.restarted({ without: 'set' });
    expect(await world.engine.recover()).toEqual({
      resumed: 1,
      left: [{ id: lost.id, why: expect.stringContaining('does not know') }],
    });
    expect((await world.engine.run(kept.id))?.status).toBe('needs-you');
  });
});
