import { Button, Group, Text, Title } from '@mantine/core';
import { useCanvas, useDocument } from './CanvasContext.tsx';
import classes from './EmptyCanvas.module.css';
import { useCanvasView } from './use-canvas-view.ts';

const starts = [
  ['manual', 'Start it by hand'],
  ['schedule', 'Start on a schedule'],
  ['webhook', 'Start when another system calls'],
] as const;

/** What a canvas without steps says: the first thing to choose is what starts the workflow. */
export function EmptyCanvas() {
  const { types, commands } = useCanvas();
  const empty = useDocument((state) => state.document.nodes.length === 0 && !state.readOnly);
  const view = useCanvasView();
  if (!empty) return null;
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        What starts this workflow?
      </Title>
      <Group justify="center" my="sm">
        {starts.map(([name, label]) => {
          const type = types.get(name);
          return (
            type && (
              <Button
                key={name}
                variant="default"
                onClick={() => view.added(commands.add(type, { kind: 'add' }, view.middle()))}
              >
                {label}
              </Button>
            )
          );
        })}
      </Group>
      <Text size="sm" c="dimmed">
        Or press Tab to search all steps.
      </Text>
    </div>
  );
}
