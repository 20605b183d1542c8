// Over 400 lines: one scenario for each way in which a call can be in doubt and be settled.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeError, type Verdict } from '../sdk/index.ts';
import type { StepView } from '../spec/api/run.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

/** What the ledger does with calls of which nobody knows whether they took effect. */

let world: World;
let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
  world = engineWorld({ clock });
});

afterEach(() => world.close());

const records = (count: number): DataRecord[] => Array.from({ length: count }, (_, i) => ({ n: i + 1 }));
const sent = () => world.outside.calls.map(({ record }) => record.n);
const retry = { attempts: 3, backoff: 'fixed', delay: '1s', maxDelay: '1s' } as const;
const lost = () => new NodeError({ class: 'uncertain', code: 'lost', message: 'No answer came.', remedy: 'Look.' });

function send(params: DataRecord, more = {}, count = 3) {
  const request = workflow({ start: ['manual'], put: ['send', params, more] }, ['start -> put']);
  return world.engine.start({ ...request, records: records(count), until: 'accepted' });
}

/** Moves time on until the promise settles: waits of the engine end at once, one after another. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let open = true;
  const done = promise.finally(() => {
    open = false;
  });
  done.catch(() => {});
  while (open) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_000);
  }
  return done;
}

/** The step once it waits for a person, about another call than `before`. */
async function asked(id: string, before?: string): Promise<StepView> {
  const found = Promise.withResolvers<StepView>();
  const look = async () => {
    const step = (await world.engine.run(id))?.steps.find((one) => one.node === 'put');
    if (step?.wait?.kind === 'unknown-outcome' && step.wait.key !== before) found.resolve(step);
  };
  const off = world.engine.on((event) => {
    if (event.kind === 'step') void look();
  });
  await look();
  return settled(found.promise).finally(off);
}

async function output(id: string, port = 'records'): Promise<readonly DataRecord[]> {
  return (await world.engine.records(id, 'put', { port, offset: 0, limit: 100 }))?.records ?? [];
}

const logOf = async (id: string) => (await world.engine.log(id)).map(({ message }) => message);

/** A crash while calls for these records are under way: all of them reach the service, none is answered. */
async function crashIn(under: readonly number[], params: DataRecord, more = {}, count = 5): Promise<string> {
  const reached = Promise.withResolvers<void>();
  let left = under.length;
  world.outside.after = ({ n }) => {
    if (!under.includes(n as number)) return;
    if (--left === 0) reached.resolve();
    return new Promise(() => {});
  };
  const { id, finished } = await send(params, more, count);
  finished.catch(() => {});
  await settled(reached.promise);
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(100);
  await world.store.loadRun(id);
  world.outside.after = () => {};
  world = world.crashed();
  return id;
}

describe('a call in doubt after a crash', () => {
  it('is asked about with its key, records and settings, and not made again when it was done', async () => {
    const id = await crashIn([2], { asks: true, text: '=no. {{ $json.n }}' });
    const questions: unknown[] = [];
    world.outside.verdict = ({ key, since, items }) => {
      questions.push({ key, since, items: items().map(({ position, params }) => [position, params.text]) });
      return { outcome: 'done', said: 'It is there.', result: { n: 2, fromService: true } };
    };
    await world.engine.recover();
    expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'succeeded' });
    expect(questions).toEqual([{ key: world.outside.calls[1]?.key, since: expect.any(Number), items: [[1, 'no. 2']] }]);
    expect(sent()).toEqual([1, 2, 3, 4, 5]);
    expect(await output(id)).toMatchObject([{ done: true }, { n: 2, fromService: true }, {}, {}, { done: true }]);
    expect(await logOf(id)).toEqual([
      'It is not known whether the call for record 2 took effect: Sluice stopped while it was under way. Asking the service.',
      'The call for record 2 took effect, and is not made again: It is there.',
    ]);
  });

  it('is made again with the same key when the service says twice that it was not done', async () => {
    const id = await crashIn([2], { asks: true });
    const asks: number[] = [];
    world.outside.verdict = () => {
      asks.push(clock.now());
      return { outcome: 'not-done', said: 'It is not there.' };
    };
    await world.engine.recover();
    expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'succeeded' });
    expect(asks).toHaveLength(2);
    expect((asks[1] ?? 0) - (asks[0] ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect(sent()).toEqual([1, 2, 2, 3, 4, 5]);
    expect(world.outside.calls[1]?.key).toBe(world.outside.calls[2]?.key);
  });

  it('that had still been on its way when first asked about is not made again', async () => {
    const id = await crashIn([2], { asks: true });
    const verdicts: Verdict[] = [
      { outcome: 'not-done', said: 'Not there.' },
      { outcome: 'done', said: 'It is there.' },
    ];
    world.outside.verdict = () => verdicts.shift() as Verdict;
    await world.engine.recover();
    await settled(world.engine.finished(id));
    expect(sent()).toEqual([1, 2, 3, 4, 5]);
  });

  it('is asked about again when asking fails for a reason that can pass, and then a person is', async () => {
    const id = await crashIn([2], { asks: true, text: 'Hello', apiToken: 'abc' });
    let asks = 0;
    world.outside.verdict = () => {
      asks++;
      throw new NodeError({ class: 'transient', code: 'down', message: 'The service is down.', remedy: 'Wait.' });
    };
    await world.engine.recover();
    const step = await asked(id);
    expect(asks).toBe(4);
    expect(step).toMatchObject({ status: 'needs-you', wait: { since: expect.any(Number) } });
    expect(step.wait?.message).toBe(
      'The call for record 2 is in doubt: Sluice stopped while it was under way. Asking the service whether it took effect failed: The service is down.',
    );
    expect(step.wait?.sent).toEqual({
      params: [
        { label: 'Ask the service', value: true },
        { label: 'Text', value: 'Hello' },
        { label: 'Token', value: '•••' },
      ],
      records: [{ n: 2 }],
      count: 1,
    });
    expect(sent()).toEqual([1, 2]);
  });

  it('is a person’s to say at once when asking fails for good', async () => {
    const id = await crashIn([2], { asks: true });
    world.outside.verdict = () => {
      throw new NodeError({ class: 'auth', code: 'refused', message: 'The token was refused.', remedy: 'Renew it.' });
    };
    await world.engine.recover();
    expect((await asked(id)).wait?.message).toContain('The token was refused.');
  });

  it('is taken as the settings of the step say where the service cannot tell', async () => {
    const id = await crashIn([2], { asks: true }, { unknownOutcome: 'assume-done' });
    world.outside.verdict = () => ({ outcome: 'unknown', said: 'It keeps no record of that.' });
    await world.engine.recover();
    expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'succeeded' });
    expect(sent()).toEqual([1, 2, 3, 4, 5]);
    expect((await logOf(id)).at(-1)).toContain('As the settings of this step say, it is taken as done.');
  });

  it('is answered by a person for that very call, in words of the log', async () => {
    const id = await crashIn([2], {});
    await world.engine.recover();
    const { wait } = await asked(id);
    expect(await world.engine.answer(id, 'put', { kind: 'done', by: 'Ada', call: 'another' })).toBe(false);
    expect(await world.engine.answer(id, 'put', { kind: 'done', by: 'Ada', call: wait?.key ?? '' })).toBe(true);
    expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'succeeded' });
    expect(sent()).toEqual([1, 2, 3, 4, 5]);
    expect((await logOf(id)).at(-1)).toBe(
      'Ada said that it was done, so it is not made again (the call for record 2).',
    );
  });
});

describe('a step over many records goes on at the one where it stopped', () => {
  const answers = (verdict: (n: unknown) => Verdict) => {
    world.outside.verdict = ({ items }) => verdict(items()[0]?.record.n);
  };
  const notDone = { outcome: 'not-done', said: 'Not there.' } as const;
  const done = (n: unknown) => ({ outcome: 'done', said: 'There.', result: { n, asked: true } }) as const;

  it('record by record', async () => {
    const id = await crashIn([3], { asks: true });
    answers(done);
    await world.engine.recover();
    await settled(world.engine.finished(id));
    expect(sent()).toEqual([1, 2, 3, 4, 5]);
    expect((await output(id)).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
  });

  it('in parallel, where each call under way is asked about by itself', async () => {
    const id = await crashIn([3, 4], { asks: true, parallel: 4 }, {}, 6);
    // Those beside them may have been sent without their outcome being written, or be sent even now by the engine that lost its store:
    // the service says the truth about them when it is asked.
    answers((n) => (n !== 4 && sent().includes(n) ? done(n) : notDone));
    await world.engine.recover();
    await settled(world.engine.finished(id));
    expect(sent().sort()).toEqual([1, 2, 3, 4, 4, 5, 6]);
    const given = await output(id);
    expect(given.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(given[2]).toMatchObject({ asked: true });
    expect(given[3]).toMatchObject({ done: true });
  });

  it('in parallel, where a person says for each call', async () => {
    const id = await crashIn([3, 4], { parallel: 4 }, {}, 6);
    await world.engine.recover();
    const finished = settled(world.engine.finished(id));
    const told: unknown[] = [];
    for (let key: string | undefined; ; ) {
      const step = await Promise.race([asked(id, key), finished]);
      if ('steps' in step) break;
      key = step.wait?.key ?? '';
      const n = step.wait?.sent?.records[0]?.n;
      told.push(n);
      await world.engine.answer(id, 'put', {
        kind: n !== 4 && sent().includes(n) ? 'done' : 'not-done',
        by: 'Ada',
        call: key,
      });
    }
    expect(await finished).toMatchObject({ status: 'succeeded' });
    expect(told).toEqual(expect.arrayContaining([3, 4]));
    expect(sent().sort()).toEqual([1, 2, 3, 4, 4, 5, 6]);
  });

  it('batch by batch, and within a batch with what the service does not have yet', async () => {
    const id = await crashIn([4], { asks: true, size: 2 }, {}, 6);
    expect(sent()).toEqual([1, 2, 3, 4]);
    world.outside.verdict = ({ items }) => {
      expect(items().map(({ record }) => record.n)).toEqual([3, 4]);
      return { outcome: 'not-done', said: '1 of 2 is there.', found: [3] };
    };
    await world.engine.recover();
    await settled(world.engine.finished(id));
    expect(sent()).toEqual([1, 2, 3, 4, 4, 5, 6]);
    expect((await output(id)).map(({ n, found }) => [n, found ?? false])).toEqual([
      [1, false],
      [2, false],
      [3, true],
      [4, false],
      [5, false],
      [6, false],
    ]);
  });

  it('and remembers what was found from try to try', async () => {
    const id = await crashIn([4], { asks: true, size: 2 }, { retry }, 4);
    world.outside.verdict = () => ({ outcome: 'not-done', said: '1 of 2 is there.', found: [3] });
    let failures = 2;
    world.outside.before = () => {
      if (failures-- > 0) throw new NodeError({ class: 'transient', code: 'down', message: 'Down.', remedy: 'Wait.' });
    };
    await world.engine.recover();
    expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'succeeded' });
    expect(sent()).toEqual([1, 2, 3, 4, 4]);
  });
});

it('a restart still knows what of a call was found, and does the rest with the same key', async () => {
  const id = await crashIn([4], { asks: true, size: 2 }, {}, 4);
  world.outside.verdict = () => ({ outcome: 'not-done', said: '1 of 2 is there.', found: [3] });
  world.outside.before = () => {
    throw new NodeError({ class: 'config', code: 'wrong', message: 'Wrong.', remedy: 'Mend it.' });
  };
  await world.engine.recover();
  expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'failed' });
  world.outside.before = () => {};
  const again = await world.engine.restart(id, {});
  expect(await settled(again.finished)).toMatchObject({ status: 'succeeded' });
  expect(sent()).toEqual([1, 2, 3, 4, 4]);
  expect(new Set(world.outside.calls.map(({ key }) => key)).size).toBe(2);
});

describe('an answer that is lost', () => {
  it('is asked about at once, and the call made again only a few times', async () => {
    world.outside.after = ({ n }) => {
      if (n === 2) throw lost();
    };
    world.outside.verdict = () => ({ outcome: 'not-done', said: 'Not there.' });
    const { finished } = await send({ asks: true });
    const view = await settled(finished);
    expect(view.steps[1]?.error).toMatchObject({ class: 'transient', message: 'No answer came.' });
    expect(sent()).toEqual([1, 2, 2, 2]);
  });

  it('says so to the person who is asked', async () => {
    world.outside.after = ({ n }) => {
      if (n === 2) throw lost();
    };
    const { id } = await send({});
    expect((await asked(id)).wait?.message).toBe(
      'The call for record 2 is in doubt: No answer came. The service cannot be asked whether it took effect.',
    );
  });

  it('lets it be made again where the settings say so: a few times, and as often as the step is retried', async () => {
    const at: number[] = [];
    world.outside.after = ({ n }) => {
      if (n !== 2) return;
      at.push(clock.now());
      throw lost();
    };
    const { id, finished } = await send({}, { unknownOutcome: 'repeat', retry: { ...retry, attempts: 2 } });
    expect((await settled(finished)).steps[1]).toMatchObject({
      status: 'failed',
      error: { class: 'transient', message: 'No answer came.' },
    });
    expect(sent()).toEqual([1, 2, 2, 2, 2, 2, 2]);
    expect(Math.min(...at.slice(1).map((time, i) => time - (at[i] ?? 0)))).toBeGreaterThanOrEqual(5_000);
    expect((await logOf(id))[0]).toBe(
      'The call for record 2: No answer came. The service cannot be asked whether it took effect. As the settings of this step say, it is done again.',
    );
  });

  it('of a step that may be repeated lets it be tried again', async () => {
    let first = true;
    world.outside.after = () => {
      if (!first) return;
      first = false;
      throw lost();
    };
    const request = workflow({ start: ['manual'], put: ['upsert', {}, { retry }] }, ['start -> put']);
    const { finished } = await world.engine.start({ ...request, records: records(1) });
    expect(await settled(finished)).toMatchObject({ status: 'succeeded' });
    expect(new Set(world.outside.calls.map(({ key }) => key)).size).toBe(1);
    expect(sent()).toEqual([1, 1]);
  });
});

describe('a call that is cut off', () => {
  const hang = () => {
    const reached = Promise.withResolvers<void>();
    world.outside.after = () => {
      reached.resolve();
      return new Promise(() => {});
    };
    return reached.promise;
  };

  it('by the time limit of its step is asked about before the step fails', async () => {
    void hang();
    let asks = 0;
    world.outside.verdict = () => {
      asks++;
      return { outcome: 'done', said: 'There.' };
    };
    const { id, finished } = await send({ asks: true }, { timeout: '1m' }, 1);
    expect((await settled(finished)).steps[1]?.error).toMatchObject({ code: 'step-timed-out' });
    expect(asks).toBe(1);
    expect((await logOf(id)).at(-1)).toContain('took effect, and is not made again');
  });

  it('by the time limit is done again with the retries of its step only if it was not done', async () => {
    void hang();
    world.outside.verdict = () => {
      world.outside.after = () => {};
      return { outcome: 'done', said: 'There.', result: { n: 1 } };
    };
    const { finished } = await send({ asks: true }, { timeout: '1m', retry }, 2);
    expect(await settled(finished)).toMatchObject({ status: 'succeeded' });
    expect(sent()).toEqual([1, 2]);
  });

  it('by a time limit shorter than the asking takes is settled all the same', async () => {
    void hang();
    let asks = 0;
    world.outside.verdict = () => {
      asks++;
      return { outcome: 'not-done', said: 'Not there.' };
    };
    const { finished } = await send({ asks: true }, { timeout: '2s' }, 1);
    expect((await settled(finished)).steps[1]?.error).toMatchObject({ code: 'step-timed-out' });
    expect(asks).toBe(2);
    expect(sent()).toEqual([1]);
  });

  it('by the time limit is a person’s to say when the service does not answer the question either', async () => {
    void hang();
    world.outside.verdict = () => new Promise(() => {});
    const { id } = await send({ asks: true }, { timeout: '2s' }, 1);
    expect((await asked(id)).wait?.message).toContain('took longer than 2 seconds');
  });

  it('by the time limit waits for a person where the service cannot be asked', async () => {
    void hang();
    const { id } = await send({}, { timeout: '1m', retry }, 1);
    expect((await asked(id)).wait?.message).toContain('took longer than 1 minute');
    expect(sent()).toEqual([1]);
  });

  it('by the time limit fails the step, for its retries, where the settings let it be made again', async () => {
    void hang();
    const { id, finished } = await send(
      {},
      { timeout: '1m', unknownOutcome: 'repeat', retry: { ...retry, attempts: 2 } },
      1,
    );
    expect((await settled(finished)).steps[1]).toMatchObject({ status: 'failed', error: { code: 'step-timed-out' } });
    expect(sent()).toEqual([1, 1]);
    expect((await logOf(id))[0]).toContain('As the settings of this step say, it is done again.');
  });

  it('by a cancel ends the step, which says that the call may have taken effect', async () => {
    const reached = hang();
    const { id, finished } = await send({}, {}, 2);
    await settled(reached);
    await world.engine.cancel(id, 'Ada');
    expect(await settled(finished)).toMatchObject({ status: 'cancelled' });
    expect(await logOf(id)).toContainEqual(
      expect.stringMatching(/^The call for record 1 was under way and may have taken effect \(key [\w-]{32}\)\.$/),
    );
  });

  it('by a stop of Sluice is settled at the next start', async () => {
    const reached = hang();
    const { id, finished } = await send({ asks: true }, {}, 2);
    finished.catch(() => {});
    await settled(reached);
    world = await settled(world.restarted());
    world.outside.after = () => {};
    world.outside.verdict = () => ({ outcome: 'done', said: 'There.' });
    await world.engine.recover();
    expect(await settled(world.engine.finished(id))).toMatchObject({ status: 'succeeded' });
    expect(sent()).toEqual([1, 2]);
  });
});
