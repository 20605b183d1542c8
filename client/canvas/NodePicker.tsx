import { Paper } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { useMemo } from 'react';
import { useCanvas, useUi } from './CanvasContext.tsx';
import { NodeFinder } from './NodeFinder.tsx';
import classes from './NodePicker.module.css';
import type { UiState } from './ui-store.ts';
import { useCanvasView } from './use-canvas-view.ts';

const size = { width: 320, height: 420 };

/** The list of steps that opens where a + was pressed or a wire was dropped. */
export function NodePicker() {
  const picker = useUi((state) => state.picker);
  return picker ? <OpenPicker key={`${picker.x}/${picker.y}`} {...picker} /> : null;
}

function OpenPicker({ intent, x, y }: NonNullable<UiState['picker']>) {
  const { types, ui, commands } = useCanvas();
  const view = useCanvasView();
  const close = () => ui.setState({ picker: undefined });
  const outside = useClickOutside(close);
  const offered = useMemo(
    () =>
      [...types.values()].filter(
        (type) => intent.kind === 'add' || intent.kind === 'before' || type.kind !== 'trigger',
      ),
    [types, intent.kind],
  );
  const left = Math.max(8, Math.min(x, window.innerWidth - size.width - 8));
  const top = Math.max(8, Math.min(y, window.innerHeight - size.height - 8));
  return (
    <Paper
      ref={outside}
      className={classes.picker}
      role="dialog"
      aria-label="Add a step"
      shadow="lg"
      withBorder
      style={{ left, top, ...size }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape' || event.key === 'Tab') {
          event.preventDefault();
          close();
        }
      }}
    >
      <NodeFinder
        autoFocus
        types={offered}
        onChoose={(type) => {
          close();
          view.added(commands.add(type, intent, view.middle()));
        }}
      />
    </Paper>
  );
}
