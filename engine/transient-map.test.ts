import { expect, it } from 'vitest';
import { keptByMinorCollections } from '../tests/minor-collections.ts';
import { TransientMap } from './transient-map.ts';

it('gives what it has for a key until it is deleted', () => {
  const map = new TransientMap<string, { n: number }>();
  map.set('a', { n: 1 });
  map.set('b', { n: 2 });
  map.set('a', { n: 3 });
  expect(map.get('a')).toEqual({ n: 3 });
  expect([...map.values()]).toEqual([{ n: 3 }, { n: 2 }]);
  map.delete('a');
  map.delete('a');
  expect(map.has('a')).toBe(false);
  expect(map.get('a')).toBeUndefined();
  expect([...map.values()]).toEqual([{ n: 2 }]);
});

it('keeps nothing that was deleted, as a Map does', async () => {
  const kept = (map: Pick<Map<number, object>, 'set' | 'delete'>) =>
    keptByMinorCollections(200, (n, bytes) => {
      map.set(n, { bytes });
      map.delete(n - 8);
    });
  expect(await kept(new Map())).toBeGreaterThan(150);
  expect(await kept(new TransientMap() as never)).toBeLessThan(20);
});
