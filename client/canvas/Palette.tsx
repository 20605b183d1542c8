import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useCanvas, useDocument, useUi } from './CanvasContext.tsx';
import { NodeFinder } from './NodeFinder.tsx';
import classes from './Palette.module.css';
import { useCanvasView } from './use-canvas-view.ts';

/** All steps at the left: click adds one after the selected step, dragging puts it anywhere. */
export function Palette() {
  const { types, ui, commands, documents } = useCanvas();
  const open = useUi((state) => state.paletteOpen);
  const readOnly = useDocument((state) => state.readOnly);
  const view = useCanvasView();
  const all = useMemo(() => [...types.values()], [types]);
  if (readOnly) return null;
  const label = open ? 'Hide the steps' : 'Show the steps';
  return (
    <aside className={classes.palette} data-open={open || undefined} aria-label="Steps to add">
      <div className={classes.head}>
        {open && <h2 className={classes.title}>Steps</h2>}
        <Tooltip label={label} position="right">
          <ActionIcon aria-label={label} aria-expanded={open} onClick={() => ui.setState({ paletteOpen: !open })}>
            {open ? (
              <IconLayoutSidebarLeftCollapse size={18} aria-hidden />
            ) : (
              <IconLayoutSidebarLeftExpand size={18} aria-hidden />
            )}
          </ActionIcon>
        </Tooltip>
      </div>
      {open && (
        <NodeFinder
          types={all}
          draggable
          onChoose={(type) => {
            const { selection } = documents.getState();
            const [after, another] = [...selection.nodes];
            const follows = after !== undefined && another === undefined && type.kind !== 'trigger';
            const intent = follows
              ? ({ kind: 'after', node: after, output: undefined } as const)
              : ({ kind: 'add' } as const);
            view.added(commands.add(type, intent, view.middle()));
          }}
        />
      )}
    </aside>
  );
}
