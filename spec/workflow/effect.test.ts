import { expect, it } from 'vitest';
import { canAsk, effectOf } from './effect.ts';

const rules = [
  { when: { method: ['POST'], keyed: [true] }, effect: 'idempotent' },
  { when: { method: ['POST'] }, effect: 'once' },
  { effect: 'read' },
] as const;

it('takes the first rule whose parameters all fit', () => {
  expect(effectOf(rules, { method: 'POST', keyed: true })).toBe('idempotent');
  expect(effectOf(rules, { method: 'POST', keyed: false })).toBe('once');
  expect(effectOf(rules, {})).toBe('read');
  expect(effectOf('once', {})).toBe('once');
});

it('takes what no rule fits for the worst', () => {
  expect(effectOf([{ when: { method: ['GET'] }, effect: 'read' }], { method: 'PURGE' })).toBe('once');
});

it('can ask where the node can, once one of the settings that it needs is filled in', () => {
  expect(canAsk({}, {})).toBe(false);
  expect(canAsk({ verify: { needs: [] } }, {})).toBe(true);
  const needs = { verify: { needs: ['marker', 'status'] } };
  expect(canAsk(needs, { marker: '', status: { url: '' } })).toBe(false);
  expect(canAsk(needs, { status: { url: 'https://example.com' } })).toBe(true);
  expect(canAsk(needs, { marker: ['Email'] })).toBe(true);
});
