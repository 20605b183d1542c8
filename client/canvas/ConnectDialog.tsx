import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useCanvas, useDocument, useUi } from './CanvasContext.tsx';
import { edgeBetween } from './connection.ts';
import { portsOf } from './flow-elements.ts';

/** Draws an edge without a pointer: from a port of the selected step to a port of another. */
export function ConnectDialog() {
  const { ui } = useCanvas();
  const opened = useUi((state) => state.dialog === 'connect');
  const from = useDocument((state) => [...state.selection.nodes][0]);
  const close = () => ui.setState({ dialog: undefined });
  return (
    <Modal opened={opened && from !== undefined} onClose={close} title="Connect to another step">
      {from !== undefined && <Form from={from} onDone={close} />}
    </Modal>
  );
}

function Form({ from, onDone }: { from: string; onDone: () => void }) {
  const { types, commands, refusals } = useCanvas();
  const document = useDocument((state) => state.document);
  const node = document.nodes.find((candidate) => candidate.id === from);
  const outputs = node ? portsOf(node, types.get(node.type)).outputs : [];
  const [output, setOutput] = useState(outputs[0]?.name ?? '');
  const [target, setTarget] = useState<string | null>(null);
  const inputs = document.nodes.flatMap((other) => {
    const ports = portsOf(other, types.get(other.type)).inputs;
    return ports.map((port) => ({
      value: JSON.stringify([other.id, port.name]),
      label: ports.length > 1 ? `${other.name}, ${port.label ?? port.name}` : other.name,
      node: other.id,
    }));
  });
  const chosen = target === null ? undefined : (JSON.parse(target) as [string, string]);
  const edge = chosen && edgeBetween(document, types, { from, output, to: chosen[0], input: chosen[1] });
  const refusal = edge && refusals.of(document, edge);
  return (
    <Stack>
      {outputs.length > 1 && (
        <Select
          label={`Output of ${node?.name}`}
          data={outputs.map((port) => ({ value: port.name, label: port.label ?? port.name }))}
          value={output}
          onChange={(value) => setOutput(value ?? '')}
          allowDeselect={false}
        />
      )}
      <Select
        label="Leads to"
        placeholder="Choose a step"
        searchable
        data-autofocus
        data={inputs.filter((input) => input.node !== from)}
        value={target}
        onChange={setTarget}
        error={refusal?.message}
      />
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          From “{node?.name}”
        </Text>
        <Button
          disabled={!edge || refusal !== undefined}
          onClick={() => {
            if (edge && commands.connect(edge)) onDone();
          }}
        >
          Connect
        </Button>
      </Group>
    </Stack>
  );
}
