import { describe, expect, it } from 'vitest';
import { shortcutOf } from './shortcuts.ts';

const press = (key: string, modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

describe('shortcuts', () => {
  it('tells combinations apart', () => {
    expect(press('z', { ctrlKey: true })).toBe('undo');
    expect(press('Z', { metaKey: true, shiftKey: true })).toBe('redo');
    expect(press('d')).toBe('disable');
    expect(press('d', { ctrlKey: true })).toBe('duplicate');
    expect(press('L', { shiftKey: true })).toBe('arrange');
    expect(press('l')).toBeUndefined();
    expect(press('ArrowLeft', { altKey: true })).toBe('nudge-left');
  });

  it('takes signs whether or not they need Shift', () => {
    expect(press('?', { shiftKey: true })).toBe('help');
    expect(press('+', { shiftKey: true })).toBe('zoom-in');
    expect(press('+')).toBe('zoom-in');
  });

  it('leaves Shift+Tab to the browser', () => {
    expect(press('Tab', { shiftKey: true })).toBeUndefined();
  });
});
