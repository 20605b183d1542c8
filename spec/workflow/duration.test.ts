import { expect, it } from 'vitest';
import { durationMs, durationWords } from './duration.ts';

it.each([
  ['2h', '2 hours'],
  ['1d', '1 day'],
  ['90s', '90 seconds'],
  ['60s', '1 minute'],
  ['1s', '1 second'],
  ['500ms', '0.5 seconds'],
])('%s is "%s" in words', (text, words) => {
  expect(durationWords(durationMs(text) ?? 0)).toBe(words);
});
