import { expect, it } from 'vitest';
import { sourceOf, testTrigger } from '../../sdk/testing/index.ts';
import manual from './manual.ts';
import webhook from './webhook.ts';

testTrigger(manual);
testTrigger(webhook);

it('gives a webhook with the usual settings where nothing is said', () => {
  expect(sourceOf(webhook, { path: 'orders/:id' })).toEqual({
    kind: 'webhook',
    path: 'orders/:id',
    methods: ['POST'],
    respond: 'immediately',
    answerWithin: 60_000,
    auth: 'none',
    maxBody: 1_048_576,
  });
});

it.each(['/orders', 'a b', 'a//b', '../x', ''])('refuses the path "%s"', (path) => {
  expect(() => sourceOf(webhook, { path })).toThrow(expect.objectContaining({ class: 'config', field: 'Path' }));
});

it('gives the sample of a manual start, or one empty record', () => {
  expect(sourceOf(manual, { records: [{ a: '={{ kept as it is }}' }] })).toEqual({
    kind: 'manual',
    records: [{ a: '={{ kept as it is }}' }],
  });
  expect(sourceOf(manual, {})).toEqual({ kind: 'manual', records: [{}] });
});
