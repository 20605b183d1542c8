import { expect, test } from 'vitest';
import { can } from './permission.ts';

test('each role may do all that the one before it may, and no more', () => {
  expect(can('viewer', 'run.read')).toBe(true);
  expect(can('viewer', 'run.start')).toBe(false);
  expect(can('operator', 'run.start')).toBe(true);
  expect(can('operator', 'workflow.edit')).toBe(false);
  expect(can('editor', 'workflow.publish')).toBe(true);
  expect(can('editor', 'user.manage')).toBe(false);
  expect(can('admin', 'user.manage')).toBe(true);
  expect(can('admin', 'run.read')).toBe(true);
});
