import { describe, expect, it } from 'vitest';
import { safePath } from './safe-path.ts';

describe('where to go after signing in', () => {
  it('goes back to the page that asked for it', () => {
    expect(safePath('/runs?status=failed#top')).toBe('/runs?status=failed#top');
  });

  it('leads home when there is none, or when it is the sign-in page', () => {
    expect(safePath(null)).toBe('/');
    expect(safePath('/sign-in?then=/runs')).toBe('/');
  });

  it('never leads to another site', () => {
    for (const path of ['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'evil']) {
      expect(safePath(path)).toBe('/');
    }
  });
});
