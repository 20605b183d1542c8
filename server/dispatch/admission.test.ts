import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

const run = (id: string, workflowId: string) => ({ id, workflowId });

test('without a limit every run begins at once', () => {
  const admission = new Admission();
  expect(admission.enter(run('a', 'w'), {})).toBeUndefined();
  expect(admission.enter(run('b', 'w'), {})).toBeUndefined();
});

test('runs beyond the limit wait in order, and begin as others leave', async () => {
  const admission = new Admission();
  const settings = { maxParallelRuns: 2 };
  const begun: string[] = [];
  for (const id of ['a', 'b', 'c', 'd']) {
    const wait = admission.enter(run(id, 'w'), settings);
    if (wait) void wait.then(() => begun.push(id));
    else begun.push(id);
  }
  expect(begun).toEqual(['a', 'b']);
  admission.leave(run('b', 'w'), settings);
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c']);
  admission.leave(run('a', 'w'), settings);
  admission.leave(run('c', 'w'), settings);
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  expect(admission.present('w')).toEqual(['d']);
});

test('a run that was woken again keeps its place', () => {
  const admission = new Admission();
  const settings = { overlap: 'queue' } as const;
  expect(admission.enter(run('a', 'w'), settings)).toBeUndefined();
  expect(admission.enter(run('a', 'w'), settings)).toBeUndefined();
  expect(admission.present('w')).toEqual(['a']);
});

test('a limit for all runs gives the workflows their turns, and counts no run that waits', async () => {
  const admission = new Admission(2);
  const begun: string[] = [];
  const enter = (id: string, workflow: string, settings = {}) => {
    const held = admission.enter(run(id, workflow), settings);
    if (held) void held.then(() => begun.push(id));
    else begun.push(id);
  };
  for (const id of ['a1', 'a2', 'a3', 'a4']) enter(id, 'a');
  enter('b1', 'b');
  enter('c1', 'c', { maxParallelRuns: 1 });
  enter('c2', 'c', { maxParallelRuns: 1 });
  expect(begun).toEqual(['a1', 'a2']);
  expect(admission.enter({ ...run('x', 'a'), only: 'step' }, {})).toBeUndefined();
  admission.rest(run('a1', 'a'));
  await Promise.resolve();
  expect(begun).toEqual(['a1', 'a2', 'a3']);
  admission.leave(run('a2', 'a'), {});
  await Promise.resolve();
  expect(begun.at(-1)).toBe('b1');
  enter('a1', 'a');
  admission.leave(run('b1', 'b'), {});
  admission.leave(run('a4', 'a'), {});
  admission.leave(run('a3', 'a'), {});
  for (let i = 0; i < 4; i++) await Promise.resolve();
  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a1']);
  admission.leave(run('c1', 'c'), { maxParallelRuns: 1 });
  for (let i = 0; i < 4; i++) await Promise.resolve();
  expect(begun.at(-1)).toBe('c2');
  admission.leave(run('c2', 'c'), { maxParallelRuns: 1 });
  admission.leave(run('a1', 'a'), {});
  expect(admission.enter(run('z', 'z'), {})).toBeUndefined();
});

test('one that is cancelled while it waits frees nobody else’s place', async () => {
  const admission = new Admission();
  const settings = { maxParallelRuns: 1 };
  admission.enter(run('a', 'w'), settings);
  void admission.enter(run('b', 'w'), settings);
  let begun = false;
  void admission.enter(run('c', 'w'), settings)?.then(() => {
    begun = true;
  });
  admission.leave(run('b', 'w'), settings);
  await Promise.resolve();
  expect(begun).toBe(false);
  expect(admission.enter(run('x', 'other'), settings)).toBeUndefined();
});
