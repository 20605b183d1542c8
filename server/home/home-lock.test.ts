import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockHome, readNote, removeNote, writeNote } from './home-lock.ts';

const newHome = () => mkdtempSync(join(tmpdir(), 'sluice-lock-'));

test('a second taker is refused, and told who has it', () => {
  const home = newHome();
  const lock = lockHome(home);
  expect(() => lockHome(home)).toThrow('Another process');
  writeNote(home, { url: 'http://localhost:1', pid: 7, token: 't' });
  expect(() => lockHome(home)).toThrow('http://localhost:1 (process 7)');
  removeNote(home);
  expect(readNote(home)).toBeUndefined();
  lock.release();
  lockHome(home).release();
});

test('a note that was left behind keeps nobody off, whoever has its process number by now', () => {
  const home = newHome();
  writeNote(home, { url: 'http://localhost:1', pid: process.pid, token: 't' });
  const lock = lockHome(home);
  expect(readNote(home)).toBeUndefined();
  lock.release();
});

test('the lock of a killed process is free', async () => {
  const home = newHome();
  // The lock is held on to: one that nobody knows any more goes with the next collection of garbage.
  const code = `const { lockHome } = await import(${JSON.stringify(join(import.meta.dirname, 'home-lock.ts'))});
    const lock = lockHome(${JSON.stringify(home)}); console.log('locked'); setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(() => lockHome(home)).toThrow('working on');
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockHome(home).release();
});
