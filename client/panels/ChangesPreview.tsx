import { Button, Group, Modal, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Change } from '../../spec/api/node-types.ts';
import { routes } from '../../spec/api/routes.ts';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import { call } from '../api/call.ts';
import { useCanvas } from '../canvas/CanvasContext.tsx';
import { cellOf, columnsOf } from '../ui/cell.ts';
import { countOf } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import type { Tone } from '../ui/StatusBadge.tsx';
import { Tag } from '../ui/Tag.tsx';
import classes from './ChangesPreview.module.css';
import { usePanelData } from './data/PanelData.tsx';

const looks: Readonly<Record<Change['action'], { word: string; tone: Tone }>> = {
  create: { word: '+ Create', tone: 'good' },
  update: { word: '≠ Update', tone: 'warn' },
  unchanged: { word: '= Leave alone', tone: 'quiet' },
  delete: { word: '− Delete', tone: 'bad' },
  reject: { word: '! Refuse', tone: 'bad' },
};

/** What a writing step would do with the incoming records, row by row and field by field. Nothing is written. */
export function ChangesPreview({ node }: { node: WorkflowNode }) {
  const { workflowId, autosave } = useCanvas();
  const { world } = usePanelData();
  const [opened, setOpened] = useState(false);
  const preview = useMutation({
    mutationFn: async () => {
      await autosave.flush();
      return (await call(routes.previewChanges, { id: workflowId, node: node.id, body: { records: [...world.rows] } }))
        .changes;
    },
  });
  const changes = preview.data ?? [];
  return (
    <>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconEye size={16} aria-hidden />}
        disabled={world.rows.length === 0}
        title={world.rows.length === 0 ? 'There are no incoming records yet' : undefined}
        onClick={() => {
          setOpened(true);
          preview.mutate();
        }}
      >
        Preview changes
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} size={1100} title={`What "${node.name}" would change`}>
        <Stack>
          <Text size="sm">
            For the first {countOf(world.rows.length, 'record')} that come in. Nothing has been written.
          </Text>
          {preview.isPending && <Text c="dimmed">Asking the service…</Text>}
          {preview.error && (
            <ProblemNotice title="There is no preview" error={preview.error} onRetry={() => preview.mutate()} />
          )}
          {preview.isSuccess && (
            <>
              <Group gap="xs">
                {(Object.keys(looks) as Change['action'][]).map((action) => {
                  const count = changes.filter((change) => change.action === action).length;
                  return (
                    count > 0 && (
                      <Tag key={action} tone={looks[action].tone}>
                        {looks[action].word}: {count}
                      </Tag>
                    )
                  );
                })}
              </Group>
              <ChangeTable changes={changes} />
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}

function ChangeTable({ changes }: { changes: readonly Change[] }) {
  const columns = columnsOf(changes.flatMap((change) => [change.after, change.before]));
  return (
    <ScrollArea.Autosize mah="60vh">
      <Table stickyHeader striped={false} highlightOnHover fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th>Key</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((change, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <Table.Tr key={index}>
              <Table.Td>
                <Tag tone={looks[change.action].tone}>{looks[change.action].word}</Tag>
              </Table.Td>
              <Table.Td>{change.key}</Table.Td>
              {columns.map((column) => (
                <Table.Td key={column}>
                  <ChangedCell before={change.before?.[column]} after={change.after?.[column]} action={change.action} />
                </Table.Td>
              ))}
              <Table.Td>{change.reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

function ChangedCell({ before, after, action }: { before: unknown; after: unknown; action: Change['action'] }) {
  const [old, next] = [cellOf(before), cellOf(after)];
  if (action !== 'update' || old.text === next.text) {
    const cell = after === undefined ? old : next;
    return (
      <span className={cell.kind === 'missing' ? classes.missing : undefined}>
        {after === undefined && before === undefined ? '' : cell.text}
      </span>
    );
  }
  return (
    <>
      <del className={classes.old}>{old.text}</del> <ins className={classes.next}>{next.text}</ins>
    </>
  );
}
