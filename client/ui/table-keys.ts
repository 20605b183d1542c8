/** A cell of a table, by position. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Rows that a page key goes. */
const page = 15;

/** Where a key leads to; `undefined` for keys that lead nowhere. With Ctrl or Cmd, Home and End go to the first and last row. */
export function moved(
  from: Place,
  { key, ctrlKey, metaKey }: Key,
  size: { rows: number; columns: number },
): Place | undefined {
  const within = (row: number, column: number) => ({
    row: Math.max(0, Math.min(size.rows - 1, row)),
    column: Math.max(0, Math.min(size.columns - 1, column)),
  });
  const far = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowDown':
      return within(from.row + 1, from.column);
    case 'ArrowUp':
      return within(from.row - 1, from.column);
    case 'ArrowRight':
      return within(from.row, from.column + 1);
    case 'ArrowLeft':
      return within(from.row, from.column - 1);
    case 'PageDown':
      return within(from.row + page, from.column);
    case 'PageUp':
      return within(from.row - page, from.column);
    case 'Home':
      return far ? within(0, from.column) : within(from.row, 0);
    case 'End':
      return far ? within(size.rows - 1, from.column) : within(from.row, size.columns - 1);
    default:
      return undefined;
  }
}
