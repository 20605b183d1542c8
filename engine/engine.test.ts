// Over 400 lines: one scenario for each rule of how a run goes, on the same few workflows.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineNode, type NodeDefinition, NodeError, passThrough, stream } from '../sdk/index.ts';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

let world: World;

beforeEach(() => {
  world = engineWorld();
});

afterEach(() => world.close());

async function statuses(request: Parameters<World['engine']['start']>[0]) {
  const { finished } = await world.engine.start(request);
  const view = await finished;
  return { view, steps: Object.fromEntries(view.steps.map((step) => [step.node, step.status])) };
}

async function recordsOf(runId: string, node: string, port?: string) {
  const page = await world.engine.records(runId, node, { offset: 0, limit: 100, ...(port ? { port } : {}) });
  return page?.records;
}

describe('a run', () => {
  it('carries records along the edges and evaluates templates for each', async () => {
    const { view } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          double: ['set', { fields: { twice: '={{ $json.n * 2 }}', where: '={{ $vars.region }}' } }],
        },
        ['start -> double'],
      ),
      records: [{ n: 1 }, { n: 21 }],
    });
    expect(view.status).toBe('succeeded');
    expect(await recordsOf(view.id, 'double')).toEqual([
      { n: 1, twice: 2, where: 'EU' },
      { n: 21, twice: 42, where: 'EU' },
    ]);
  });

  it.each([
    ['by id', 'mark-it', [{ n: 1, x: 'a' }]],
    ['by name, whatever the capitals', 'MARK them', [{ n: 1, x: 'a' }]],
    ['of the output that has records', 'odd', [{ n: 1, x: 'a' }]],
    ['that did not run', 'other', []],
  ])('gives a step all records of an earlier one %s', async (_, step, expected) => {
    const { view } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          'mark-it': ['set', { fields: { x: 'a' } }, { name: 'Mark them' }],
          odd: ['choose', { when: '={{ $json.n % 2 === 1 }}' }],
          other: ['set', { fields: {} }],
          back: ['look-back', { step }, { start: 'all-finished' }],
        },
        ['start -> mark-it', 'mark-it -> odd', 'odd.false -> other', 'odd.true -> back', 'other -> back'],
      ),
      records: [{ n: 1 }],
    });
    expect(view.status).toBe('succeeded');
    expect(await recordsOf(view.id, 'back')).toEqual(expected);
  });

  it('looks back on the very record that a record came from, also after a route', async () => {
    const { view } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          mark: ['set', { fields: { secret: '={{ "s" + $json.n }}' } }],
          odd: ['choose', { when: '={{ $json.n % 2 === 1 }}' }],
          tell: ['set', { fields: { was: "={{ $('mark').item.secret }}", first: "={{ $('start').first().n }}" } }],
        },
        ['start -> mark', 'mark -> odd', 'odd.true -> tell'],
      ),
      records: [{ n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }],
    });
    expect((await recordsOf(view.id, 'tell'))?.map((record) => [record.n, record.was, record.first])).toEqual([
      [3, 's3', 2],
      [5, 's5', 2],
    ]);
  });

  it('skips what hangs on a port that did not fire, and a join goes on with what arrived', async () => {
    const { view, steps } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          big: ['choose', { when: '={{ $json.n > 10 }}' }],
          a: ['set', { fields: { via: 'a' } }],
          b: ['set', { fields: { via: 'b' } }],
          after: ['set', { fields: {} }],
        },
        ['start -> big', 'big.true -> a', 'big.false -> b', 'a -> after', 'b -> after'],
      ),
      records: [{ n: 1 }],
    });
    expect(view.status).toBe('succeeded');
    expect(steps).toMatchObject({ a: 'skipped', b: 'succeeded', after: 'succeeded' });
    expect(await recordsOf(view.id, 'after')).toEqual([{ n: 1, via: 'b' }]);
  });

  it('stops the branch of a failure, lets the others go on, and ends failed', async () => {
    const { view, steps } = await statuses({
      ...workflow({ start: ['manual'], bad: ['fail'], never: ['set', { fields: {} }], good: ['set', { fields: {} }] }, [
        'start -> bad',
        'bad -> never',
        'start -> good',
      ]),
    });
    expect(steps).toMatchObject({ bad: 'failed', never: 'skipped', good: 'succeeded' });
    expect(view).toMatchObject({ status: 'failed', error: { node: 'bad', message: 'It does not work.' } });
  });

  it('does not join on when a branch failed further up', async () => {
    const { steps } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          bad: ['fail'],
          mid: ['set', { fields: {} }],
          good: ['set', { fields: {} }],
          join: ['set', { fields: {} }],
          anyway: ['set', { fields: {} }, { start: 'any-succeeded' }],
        },
        [
          'start -> bad',
          'bad -> mid',
          'start -> good',
          'mid -> join',
          'good -> join',
          'mid -> anyway',
          'good -> anyway',
        ],
      ),
    });
    expect(steps).toMatchObject({ join: 'skipped', anyway: 'succeeded' });
  });

  it('starts on failures where the rule says so, and tells what failed', async () => {
    const { view, steps } = await statuses({
      ...workflow({ start: ['manual'], bad: ['fail'], tell: ['set', { fields: {} }, { start: 'any-failed' }] }, [
        'start -> bad',
        'bad -> tell',
      ]),
    });
    expect(steps.tell).toBe('succeeded');
    expect(view.status).toBe('failed');
    expect(await recordsOf(view.id, 'tell')).toMatchObject([{ step: 'bad', message: 'It does not work.' }]);
  });

  it('sends the records and the reason along the error branch, and then succeeds', async () => {
    const { view } = await statuses({
      ...workflow({ start: ['manual'], bad: ['fail', {}, { onError: 'branch' }], mend: ['set', { fields: {} }] }, [
        'start -> bad',
        'bad.error -> mend',
      ]),
      records: [{ n: 7 }],
    });
    expect(view.status).toBe('succeeded');
    expect(await recordsOf(view.id, 'mend')).toMatchObject([{ n: 7, _error: { message: 'It does not work.' } }]);
  });

  it('goes on with the records when errors are to be passed over', async () => {
    const { view } = await statuses({
      ...workflow({ start: ['manual'], bad: ['fail', {}, { onError: 'continue' }], next: ['set', { fields: {} }] }, [
        'start -> bad',
        'bad -> next',
      ]),
      records: [{ n: 7 }],
    });
    expect(view.status).toBe('succeeded');
    expect(await recordsOf(view.id, 'next')).toMatchObject([{ n: 7 }]);
  });

  it('holds back single bad records while the good ones go on', async () => {
    const request = workflow(
      {
        start: ['manual'],
        name: ['set', { fields: { upper: '={{ $json.name * 2 }}' } }],
        rest: ['set', { fields: {} }],
      },
      ['start -> name', 'name.rejected -> rest'],
    );
    const { view } = await statuses({ ...request, records: [{ name: 'a' }] });
    expect(view.status).toBe('succeeded');
    expect(await recordsOf(view.id, 'rest')).toMatchObject([{ name: 'a', _rejected: { message: expect.any(String) } }]);
  });

  it('ends failed when rejected records are left lying', async () => {
    const { view, steps } = await statuses({
      ...workflow({ start: ['manual'], name: ['set', { fields: { x: '={{ $json.name * 2 }}' } }] }, ['start -> name']),
      records: [{ name: 'a' }],
    });
    expect(steps.name).toBe('succeeded');
    expect(view).toMatchObject({ status: 'failed', error: { code: 'records-rejected', node: 'name' } });
  });

  it('passes records through a node that is switched off', async () => {
    const { view } = await statuses({
      ...workflow({ start: ['manual'], off: ['fail', {}, { disabled: true }], next: ['set', { fields: {} }] }, [
        'start -> off',
        'off -> next',
      ]),
      records: [{ n: 1 }],
    });
    expect(await recordsOf(view.id, 'next')).toEqual([{ n: 1 }]);
  });

  it('passes more than memory should hold through a node that is switched off, out of memory', async () => {
    const { view, steps } = await statuses({
      ...workflow({ start: ['manual'], flood: ['flood', { count: 200_000 }], off: ['fail', {}, { disabled: true }] }, [
        'start -> flood',
        'flood -> off',
      ]),
      records: [{}],
    });
    expect(steps.off).toBe('succeeded');
    const out = (await world.store.loadRun(view.id))?.snapshot;
    expect(Buffer.from(out ?? []).length).toBeLessThan(50_000);
    const page = await world.engine.records(view.id, 'off', { offset: 199_998, limit: 5 });
    expect(page).toMatchObject({ total: 200_000, records: [{ n: 199_998 }, { n: 199_999 }] });
  });

  it('runs one node alone on sample data', async () => {
    const { view, steps } = await statuses({
      ...workflow({ start: ['manual'], slow: ['fail'], me: ['set', { fields: { ok: true } }], later: ['fail'] }, [
        'start -> slow',
        'slow -> me',
        'me -> later',
      ]),
      only: 'me',
      samples: { slow: [{ n: 5 }] },
    });
    expect(view.status).toBe('succeeded');
    expect(steps).toMatchObject({ later: 'skipped' });
    expect(await recordsOf(view.id, 'me')).toEqual([{ n: 5, ok: true }]);
  });

  it('gives the answer of a respond node once the run is kept', async () => {
    const { response, id } = await world.engine.start({
      ...workflow({ start: ['manual'], answer: ['respond'] }, ['start -> answer']),
      records: [{ n: 1 }],
    });
    expect(await response).toEqual({ status: 200, headers: {}, body: { n: 1 } });
    expect((await world.store.loadRun(id))?.summary.status).toBe('succeeded');
  });

  it('knows what it answered after a restart, and for one key gives the same answer', async () => {
    const request = {
      ...workflow({ start: ['manual'], answer: ['respond'] }, ['start -> answer']),
      records: [{ n: 1 }],
      key: 'event-2',
    };
    const first = await world.engine.start(request);
    const answer = await first.response;
    await first.finished;
    world = await world.restarted();
    const second = await world.engine.start({ ...request, records: [{ n: 2 }] });
    expect(second).toMatchObject({ id: first.id, isNew: false });
    expect(await second.response).toEqual(answer);
    const long = await world.engine.start({ ...request, records: [{ n: 'x'.repeat(1_000_001) }], key: 'event-3' });
    expect((await long.response)?.status).toBe(200);
    await long.finished;
    expect(await (await world.engine.start({ ...request, key: 'event-3' })).response).toBeUndefined();
  });

  it('is started once for one key', async () => {
    const request = { ...workflow({ start: ['manual'], put: ['post'] }, ['start -> put']), key: 'event-1' };
    const first = await world.engine.start(request);
    const second = await world.engine.start(request);
    await Promise.all([first.finished, second.finished]);
    expect(second).toMatchObject({ id: first.id, isNew: false });
    expect(world.outside.calls).toHaveLength(1);
  });

  it('keeps nothing of a good run whose workflow saves only failed ones', async () => {
    const { view } = await statuses({
      ...workflow({ start: ['manual'], a: ['set', { fields: {} }] }, ['start -> a']),
      keepOnlyFailed: true,
    });
    expect(await world.store.loadRun(view.id)).toBeUndefined();
  });
});

describe('tries, time and stops', () => {
  it('tries again what can pass, with the same keys, and not what is done already', async () => {
    let failures = 2;
    world.outside.before = ({ n }) => {
      if (n === 2 && failures-- > 0) {
        throw new NodeError({ class: 'transient', code: 'busy', message: 'Busy.', remedy: 'Wait.' });
      }
    };
    const { view } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          put: ['post', {}, { retry: { attempts: 3, backoff: 'fixed', delay: '1ms', maxDelay: '1ms' } }],
        },
        ['start -> put'],
      ),
      records: [{ n: 1 }, { n: 2 }, { n: 3 }],
    });
    expect(view).toMatchObject({ status: 'succeeded' });
    expect(view.steps[1]).toMatchObject({ attempts: 3 });
    expect(view.steps[1]?.tries.map((one) => one.error?.code)).toEqual(['busy', 'busy', undefined]);
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([1, 2, 3]);
    expect(new Set(world.outside.calls.map(({ key }) => key)).size).toBe(3);
  });

  it('does not try again what cannot pass', async () => {
    const { view } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          bad: ['fail', {}, { retry: { attempts: 5, backoff: 'fixed', delay: '1ms', maxDelay: '1ms' } }],
        },
        ['start -> bad'],
      ),
    });
    expect(view.steps[1]).toMatchObject({ attempts: 1, status: 'failed' });
  });

  it('ends a step that takes longer than it may', async () => {
    const { view } = await statuses({
      ...workflow({ start: ['manual'], slow: ['hang', {}, { timeout: '5ms' }] }, ['start -> slow']),
    });
    expect(view).toMatchObject({ status: 'failed', error: { code: 'step-timed-out' } });
  });

  it('gives each try of a step its own time', async () => {
    const { view } = await statuses({
      ...workflow(
        {
          start: ['manual'],
          slow: [
            'hang',
            {},
            { timeout: '5ms', retry: { attempts: 3, backoff: 'fixed', delay: '1ms', maxDelay: '1ms' } },
          ],
        },
        ['start -> slow'],
      ),
    });
    expect(view.steps[1]).toMatchObject({ attempts: 3, status: 'failed', error: { code: 'step-timed-out' } });
  });

  it('reaches into running steps when it is cancelled', async () => {
    const begun = Promise.withResolvers<void>();
    world.engine.on((event) => {
      if (event.kind === 'step' && event.step.node === 'slow' && event.step.status === 'running') begun.resolve();
    });
    const run = await world.engine.start({
      ...workflow({ start: ['manual'], slow: ['hang'], next: ['set', { fields: {} }] }, [
        'start -> slow',
        'slow -> next',
      ]),
    });
    await begun.promise;
    expect(await world.engine.cancel(run.id, 'Ada')).toBe(true);
    const view = await run.finished;
    expect(view.status).toBe('cancelled');
    expect(view.steps.map((step) => step.status)).toEqual(['succeeded', 'cancelled', 'pending']);
    expect((await world.engine.log(run.id)).map((line) => line.message)).toEqual(['Cancelled by Ada']);
  });

  it('lets others have their turn between steps that follow one another without a wait', async () => {
    const busy = defineNode(
      {
        type: 'busy',
        version: 1,
        title: 'Busy',
        summary: '',
        connector: 'test',
        category: 'data',
        params: z.object({}),
      },
      stream((io) => {
        const passed = passThrough(io);
        for (const end = performance.now() + 5; performance.now() < end; );
        return passed;
      }),
    );
    await world.close();
    world = engineWorld({ nodes: [busy as unknown as NodeDefinition] });
    const run = await world.engine.start(
      workflow({ start: ['manual'], one: ['busy'], two: ['busy'], three: ['busy'] }, [
        'start -> one',
        'one -> two',
        'two -> three',
      ]),
    );
    expect(await world.engine.cancel(run.id, 'Ada')).toBe(true);
    const view = await run.finished;
    expect(view.status).toBe('cancelled');
    expect(view.steps.at(-1)?.status).toBe('pending');
  });
});

describe('waits', () => {
  it('hold no run in memory, and end in their time also after a restart', async () => {
    const clock = new FakeClock();
    await world.close();
    world = engineWorld({ clock });
    const parked = Promise.withResolvers<void>();
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'waiting') parked.resolve();
    });
    const { id } = await world.engine.start({
      ...workflow({ start: ['manual'], nap: ['wait', { ms: 60_000 }], next: ['set', { fields: { woke: true } }] }, [
        'start -> nap',
        'nap -> next',
      ]),
      records: [{ n: 1 }],
      until: 'accepted',
    });
    await parked.promise;
    world = await world.restarted();
    const rearmed = Promise.withResolvers<void>();
    const after = clock.after.bind(clock);
    clock.after = (ms, act) => {
      if (ms > 50_000) rearmed.resolve();
      return after(ms, act);
    };
    await world.engine.recover();
    await rearmed.promise;
    const finished = world.engine.finished(id);
    clock.advance(60_000);
    expect(await finished).toMatchObject({ status: 'succeeded' });
    expect(await recordsOf(id, 'next')).toEqual([{ n: 1, woke: true }]);
  });

  it('go on when a person answers', async () => {
    const asked = Promise.withResolvers<void>();
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'needs-you') asked.resolve();
    });
    const { id, finished } = await world.engine.start({
      ...workflow({ start: ['manual'], ask: ['approve'], yes: ['set', { fields: {} }], no: ['set', { fields: {} }] }, [
        'start -> ask',
        'ask.approved -> yes',
        'ask.declined -> no',
      ]),
    });
    await asked.promise;
    expect(await world.engine.answer(id, 'ask', { kind: 'called', body: {} })).toBe(false);
    expect(await world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' })).toBe(true);
    const view = await finished;
    expect(view.steps.map((step) => step.status)).toEqual(['succeeded', 'succeeded', 'succeeded', 'skipped']);
    expect(await world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' })).toBe(false);
  });
});

describe('workflows that call one another', () => {
  const calling = workflow({ start: ['manual'], sub: ['call', { workflow: 'test' }] }, ['start -> sub']);

  it('are refused when they call themselves without end', async () => {
    await world.close();
    world = engineWorld({ published: async () => calling });
    const { finished } = await world.engine.start(calling);
    expect(await finished).toMatchObject({ status: 'failed' });
    const { runs } = await world.engine.runs({ limit: 100 });
    expect(runs).toHaveLength(21);
    const deepest = await world.engine.run(runs.find((run) => run.error?.code === 'workflows-too-deep')?.id ?? '');
    expect(deepest?.error?.message).toContain('more than 20 times');
  });

  it('are cancelled together', async () => {
    await world.close();
    const asking = workflow({ start: ['manual'], ask: ['approve'] }, ['start -> ask']);
    world = engineWorld({ published: async () => asking });
    const asked = Promise.withResolvers<string>();
    world.engine.on((event) => {
      if (event.kind === 'run' && event.run.status === 'needs-you') asked.resolve(event.run.id);
    });
    const parent = await world.engine.start(calling);
    const child = await asked.promise;
    await vi.waitFor(async () => expect((await world.engine.run(parent.id))?.status).toBe('waiting'));
    expect(await world.engine.cancel(parent.id, 'Ada')).toBe(true);
    expect(await parent.finished).toMatchObject({ status: 'cancelled' });
    expect(await world.engine.finished(child)).toMatchObject({ status: 'cancelled' });
  });
});
