import { ActionIcon, Autocomplete, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconArrowRight, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { isRecord } from '../../../spec/workflow/record.ts';
import { usePanelData } from '../data/PanelData.tsx';
import type { FieldProps } from '../form/field.ts';
import { GoneColumns } from './FieldNameField.tsx';

type Pair = readonly [old: string, next: string];

/** Incoming columns with the names that they get. */
export function RenamesField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  const { incomingColumns } = usePanelData();
  const given: readonly Pair[] = isRecord(value) ? Object.entries(value).map(([old, next]) => [old, String(next)]) : [];
  const [extra, setExtra] = useState<readonly Pair[]>([]);
  const pairs = [...given, ...extra];
  const set = (next: readonly Pair[]) => {
    const whole = next.filter(([old]) => old !== '');
    setExtra(next.filter(([old]) => old === ''));
    onChange(whole.length === 0 ? undefined : Object.fromEntries(whole));
  };
  const change = (index: number, pair: Pair) => set(pairs.map((before, at) => (at === index ? pair : before)));
  const used = new Set(pairs.map(([old]) => old));
  return (
    <Stack gap="xs" id={id}>
      {pairs.map(([old, next], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name changes while it is typed
        <Group key={index} gap={6} wrap="nowrap" role="group" aria-label={`${ui.label} ${index + 1}`}>
          <Autocomplete
            flex={1}
            aria-label={`Column ${index + 1}`}
            placeholder="Column"
            data={incomingColumns.filter((name) => name === old || !used.has(name))}
            value={old}
            onChange={(name) => change(index, [name, next])}
          />
          <IconArrowRight size={15} aria-label="becomes" />
          <TextInput
            flex={1}
            aria-label={`New name of ${old || `column ${index + 1}`}`}
            placeholder="New name"
            value={next}
            onChange={(event) => change(index, [old, event.currentTarget.value])}
          />
          <ActionIcon
            size={32}
            aria-label={`Remove ${old || `entry ${index + 1}`}`}
            onClick={() => set(pairs.filter((_, at) => at !== index))}
          >
            <IconTrash size={15} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <GoneColumns names={given.map(([old]) => old)} />
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={`Add to ${ui.label}`}
          onClick={() => setExtra([...extra, ['', '']])}
        >
          Add
        </Button>
      </div>
    </Stack>
  );
}
