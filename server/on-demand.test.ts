import { expect, test, vi } from 'vitest';
import { OnDemand } from './on-demand.ts';

test('is made when it is first asked for, and once for all who ask', async () => {
  const make = vi.fn(async () => ({}));
  const thing = new OnDemand(make);
  expect(make).not.toHaveBeenCalled();
  const [first, second] = await Promise.all([thing.get(), thing.get()]);
  expect(first).toBe(second);
  expect(await thing.get()).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
});

test('what could not be made is tried again for the next who asks', async () => {
  const make = vi.fn(async () => 'made').mockRejectedValueOnce(new Error('No room'));
  const thing = new OnDemand(make);
  await expect(thing.get()).rejects.toThrow('No room');
  expect(await thing.get()).toBe('made');
});

test('closes what was made, also what is being made, and makes nothing for it', async () => {
  const make = vi.fn(async () => 'made');
  const end = vi.fn(async () => {});
  const thing = new OnDemand(make);
  await thing.close(end);
  expect(make).not.toHaveBeenCalled();
  void thing.get();
  await thing.close(end);
  expect(end).toHaveBeenCalledExactlyOnceWith('made');
});

test('has nothing to close where making it has failed', async () => {
  const end = vi.fn(async () => {});
  const thing = new OnDemand(() => Promise.reject(new Error('No room')));
  const asked = thing.get();
  await thing.close(end);
  await expect(asked).rejects.toThrow('No room');
  expect(end).not.toHaveBeenCalled();
});
