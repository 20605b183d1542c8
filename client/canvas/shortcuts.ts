/** The canvas's keys, for the handler and the help sheet alike. `Mod` is Ctrl, or Cmd on a Mac. */
export type ShortcutName =
  | 'undo'
  | 'redo'
  | 'search'
  | 'add-after'
  | 'open'
  | 'rename'
  | 'disable'
  | 'delete'
  | 'duplicate'
  | 'select-all'
  | 'connect'
  | 'note'
  | 'arrange'
  | 'fit'
  | 'zoom-in'
  | 'zoom-out'
  | 'walk-left'
  | 'walk-right'
  | 'walk-up'
  | 'walk-down'
  | 'nudge-left'
  | 'nudge-right'
  | 'nudge-up'
  | 'nudge-down'
  | 'run'
  | 'save'
  | 'next-region'
  | 'help'
  | 'leave';

interface Shortcut {
  readonly name: ShortcutName;
  readonly keys: readonly string[];
}

export const shortcuts: readonly Shortcut[] = [
  { name: 'undo', keys: ['Mod+Z'] },
  { name: 'redo', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  { name: 'search', keys: ['Tab', 'Mod+K'] },
  { name: 'add-after', keys: ['A'] },
  { name: 'open', keys: ['Enter'] },
  { name: 'rename', keys: ['F2'] },
  { name: 'disable', keys: ['D'] },
  { name: 'delete', keys: ['Delete', 'Backspace'] },
  { name: 'duplicate', keys: ['Mod+D'] },
  { name: 'select-all', keys: ['Mod+A'] },
  { name: 'connect', keys: ['C'] },
  { name: 'note', keys: ['Shift+S'] },
  { name: 'arrange', keys: ['Shift+L'] },
  { name: 'fit', keys: ['1'] },
  { name: 'zoom-in', keys: ['+', '='] },
  { name: 'zoom-out', keys: ['-'] },
  { name: 'walk-left', keys: ['ArrowLeft'] },
  { name: 'walk-right', keys: ['ArrowRight'] },
  { name: 'walk-up', keys: ['ArrowUp'] },
  { name: 'walk-down', keys: ['ArrowDown'] },
  { name: 'nudge-left', keys: ['Alt+ArrowLeft'] },
  { name: 'nudge-right', keys: ['Alt+ArrowRight'] },
  { name: 'nudge-up', keys: ['Alt+ArrowUp'] },
  { name: 'nudge-down', keys: ['Alt+ArrowDown'] },
  { name: 'run', keys: ['Mod+Enter'] },
  { name: 'save', keys: ['Mod+S'] },
  { name: 'next-region', keys: ['F6'] },
  { name: 'help', keys: ['?'] },
  { name: 'leave', keys: ['Escape'] },
];

/** Lines of the help sheet. */
export const shortcutHelp: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['Tab', 'Mod+K'], does: 'Search for a step to add' },
  { keys: ['A'], does: 'Add a step after the selected one' },
  { keys: ['Arrows'], does: 'Walk from step to step' },
  { keys: ['Enter'], does: 'Open the step' },
  { keys: ['F2'], does: 'Rename the step' },
  { keys: ['D'], does: 'Disable or enable' },
  { keys: ['C'], does: 'Connect the step to another' },
  { keys: ['Delete'], does: 'Delete what is selected' },
  { keys: ['Mod+Z'], does: 'Undo' },
  { keys: ['Mod+Shift+Z'], does: 'Redo' },
  { keys: ['Mod+C', 'Mod+X', 'Mod+V'], does: 'Copy, cut and paste, also between workflows' },
  { keys: ['Mod+D'], does: 'Duplicate' },
  { keys: ['Mod+A'], does: 'Select everything' },
  { keys: ['Shift+drag'], does: 'Select what is inside a frame' },
  { keys: ['Alt+arrows'], does: 'Move what is selected' },
  { keys: ['Shift+L'], does: 'Lay out everything' },
  { keys: ['Shift+S'], does: 'Add a note' },
  { keys: ['1'], does: 'Fit everything into view' },
  { keys: ['+', '-'], does: 'Zoom in and out' },
  { keys: ['Mod+Enter'], does: 'Run' },
  { keys: ['F6'], does: 'Go to the next area: bar, steps, canvas' },
  { keys: ['?'], does: 'This list' },
];

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The shortcut that was pressed. */
export function shortcutOf(event: Pressed): ShortcutName | undefined {
  return shortcuts.find(({ keys }) => keys.some((combination) => matches(combination, event)))?.name;
}

function matches(combination: string, event: Pressed): boolean {
  const parts = combination === '+' ? ['+'] : combination.split('+');
  const key = parts.at(-1) ?? '';
  const wanted = new Set(parts.slice(0, -1));
  const symbol = key.length === 1 && !/[a-z0-9]/i.test(key);
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === wanted.has('Mod') &&
    event.altKey === wanted.has('Alt') &&
    (symbol || event.shiftKey === wanted.has('Shift'))
  );
}
