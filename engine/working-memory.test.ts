import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode, type NodeDefinition, NodeError, stream } from '../sdk/index.ts';
import { engineWorld, type World, workflow } from '../tests/engine-world.ts';
import { WorkingMemory } from './working-memory.ts';

const MEGABYTE = 1024 * 1024;

describe('the shares of the working memory', () => {
  it('become smaller with each that asks, down to what a step may hold in any case', () => {
    const shares = Array.from({ length: 40 }, () => new WorkingMemory());
    const first = shares[0] as WorkingMemory;
    const after = (count: number) => {
      for (const share of shares.slice(0, count)) share.bytes;
      return first.bytes / MEGABYTE;
    };
    expect([1, 3, 4, 12, 40].map(after)).toEqual([64, 64, 48, 16, 8]);
    for (const share of shares.slice(2)) share.giveBack();
    expect(first.bytes).toBe(64 * MEGABYTE);
    for (const share of shares) share.giveBack();
  });

  it('go back once, and to a step that goes on although it is over none is given', () => {
    const [over, other] = [new WorkingMemory(), new WorkingMemory()];
    for (let i = 0; i < 10; i++) {
      expect(over.bytes).toBe(i === 0 ? 64 * MEGABYTE : 8 * MEGABYTE);
      over.giveBack();
    }
    expect(other.bytes).toBe(64 * MEGABYTE);
    other.giveBack();
  });
});

describe('steps', () => {
  let world: World;
  afterEach(() => world.close());

  /** Steps that ask, wait until four have asked, and ask again. */
  function asking() {
    const told: number[] = [];
    const all = Promise.withResolvers<void>();
    const params = z.object({ fails: z.boolean().default(false) });
    const ask = defineNode(
      { type: 'ask', version: 1, title: 'Ask', summary: '', connector: 'test', category: 'data', params },
      stream(async (io) => {
        told.push(io.workingMemory);
        if (told.length === 4) all.resolve();
        await all.promise;
        if (io.stepParams().fails) {
          throw new NodeError({ class: 'config', code: 'no-such-thing', message: 'Fails.', remedy: 'Nothing.' });
        }
        await io.emit('records', [{ bytes: io.workingMemory }]);
      }),
    );
    return ask as unknown as NodeDefinition;
  }

  it('divide it while they work at the same time, and give it back however they end', async () => {
    world = engineWorld({ nodes: [asking()] });
    const run = await world.engine.start(
      workflow(
        { start: ['manual'], a: ['ask'], b: ['ask'], c: ['ask'], d: ['ask', { fails: true }] },
        ['a', 'b', 'c', 'd'].map((id) => `start -> ${id}`),
      ),
    );
    const view = await run.finished;
    expect(view.steps.map(({ status }) => status)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
      'succeeded',
      'failed',
    ]);
    const page = await world.engine.records(run.id, 'a', { offset: 0, limit: 1 });
    expect(page?.records).toEqual([{ bytes: 48 * MEGABYTE }]);
    const [one, two, three] = [new WorkingMemory(), new WorkingMemory(), new WorkingMemory()];
    expect([one.bytes, two.bytes, three.bytes]).toEqual(new Array(3).fill(64 * MEGABYTE));
    for (const share of [one, two, three]) share.giveBack();
  });
});
