import { Button, Group, JsonInput, Modal, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { isRecord } from '../../spec/workflow/record.ts';
import { useCanvas, useDocument, useUi } from './CanvasContext.tsx';
import type { RunControl } from './use-run-control.ts';

/** Starts a run with records that a person gives instead of what the trigger would bring. */
export function RunInputDialog({ control }: { control: RunControl }) {
  const { ui, types } = useCanvas();
  const opened = useUi((state) => state.dialog === 'run');
  const nodes = useDocument((state) => state.document.nodes);
  const triggers = nodes.filter((node) => types.get(node.type)?.kind === 'trigger' && !node.disabled);
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState('[\n  { "name": "Ada", "email": "ada@example.com" }\n]');
  const records = readRecords(text);
  const close = () => ui.setState({ dialog: undefined });
  const trigger = chosen ?? triggers[0]?.id ?? null;
  return (
    <Modal opened={opened} onClose={close} title="Run with records of your own" size="lg">
      <Stack>
        <Select
          label="Start from"
          data={triggers.map((node) => ({ value: node.id, label: node.name }))}
          value={trigger}
          onChange={setChosen}
          allowDeselect={false}
        />
        <JsonInput
          label="Records"
          description="One record in { }, or several in [ ]"
          autosize
          minRows={6}
          maxRows={18}
          formatOnBlur
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={text}
          onChange={setText}
          error={records === undefined ? 'This is no record and no list of records.' : undefined}
        />
        <Group justify="flex-end">
          <Button
            disabled={records === undefined || trigger === null}
            onClick={() => {
              close();
              if (records && trigger) void control.start({ trigger, input: records });
            }}
          >
            Run
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function readRecords(text: string): Record<string, unknown>[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? value : [value];
    return list.every(isRecord) ? list : undefined;
  } catch {
    return undefined;
  }
}
