import { afterEach, beforeEach, expect, it } from 'vitest';
import { engineWorld, type World, workflow } from '../tests/engine-world.ts';
import { keptByMinorCollections } from '../tests/minor-collections.ts';

let world: World;

beforeEach(() => {
  world = engineWorld();
});

afterEach(() => world.close());

const answering = workflow({ start: ['manual'], fields: ['set', { fields: { n: 1 } }], say: ['respond'] }, [
  'start -> fields',
  'fields -> say',
]);

it('runs that have ended are in the way of no collection, however many come after them', async () => {
  const toItsEnd = async (bytes: ArrayBuffer) => {
    const run = await world.engine.start({ ...answering, until: 'finished', records: [{ bytes }] });
    await run.response;
    await run.finished;
  };
  const underWay: Promise<void>[] = [];
  const kept = await keptByMinorCollections(300, (_, bytes) => {
    underWay.push(toItsEnd(bytes));
    return underWay.length > 8 ? underWay.shift() : undefined;
  });
  await Promise.all(underWay);
  expect(kept).toBeLessThan(30);
});
