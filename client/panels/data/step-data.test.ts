import { expect, it } from 'vitest';
import type { StepView } from '../../../spec/api/run.ts';
import { shownStep } from './step-data.ts';

const step: StepView = {
  node: 'read',
  name: 'Read',
  type: 'read',
  status: 'succeeded',
  attempts: 1,
  in: 0,
  out: {},
  tries: [],
};
const round = (n: number, out: Record<string, number>) => ({
  step: `loop/${n}/read`,
  status: 'succeeded' as const,
  attempts: 1,
  out,
});

it('shows of a step in a container a round in which it gave something at the port', () => {
  const inRounds = [round(0, { rejected: 1 }), round(4, { records: 2 })];
  expect(shownStep({ ...step, inRounds }, 'records')).toBe('loop/4/read');
  expect(shownStep({ ...step, inRounds }, 'rejected')).toBe('loop/0/read');
  expect(shownStep({ ...step, inRounds }, 'other')).toBe('loop/0/read');
  expect(shownStep(step, 'records')).toBe('read');
});
