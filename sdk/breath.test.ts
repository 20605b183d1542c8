import { expect, it } from 'vitest';
import { Breath } from './breath.ts';

it('lets one loop on in each turn of the event loop, in order, and others in between', async () => {
  const said: string[] = [];
  const loop = async (name: string) => {
    const breath = new Breath();
    for (let i = 0; i < 3; i++) {
      await breath.pause();
      said.push(name);
    }
  };
  let turns = 0;
  let over = false;
  const count = () => {
    turns++;
    said.push('.');
    if (!over) setImmediate(count);
  };
  const loops = Promise.all([loop('a'), loop('b'), loop('c')]);
  setImmediate(count);
  await loops;
  over = true;
  expect(said.filter((one) => one !== '.').join('')).toBe('abcabcabc');
  expect(turns).toBeGreaterThanOrEqual(8);
  expect(said.join('')).not.toMatch(/[abc]{2}/);
});
