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
