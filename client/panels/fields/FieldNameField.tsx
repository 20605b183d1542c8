import { Autocomplete, Text } from '@mantine/core';
import { usePanelData } from '../data/PanelData.tsx';
import type { FieldProps } from '../form/field.ts';

/** The name of one incoming column. */
export function FieldNameField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  const { incomingColumns } = usePanelData();
  const text = typeof value === 'string' ? value : '';
  return (
    <>
      <Autocomplete
        id={id}
        data={[...incomingColumns]}
        value={text}
        placeholder={ui.placeholder ?? 'Choose a column'}
        maxDropdownHeight={240}
        onChange={(next) => onChange(next === '' ? undefined : next)}
      />
      <GoneColumns names={text === '' ? [] : [text]} />
    </>
  );
}

/** Warns of columns that no longer come in. */
export function GoneColumns({ names }: { names: readonly string[] }) {
  const { incomingColumns } = usePanelData();
  if (incomingColumns.length === 0) return null;
  const gone = names.filter(
    (name) => !incomingColumns.includes(name) && !incomingColumns.includes(name.split('.')[0] ?? name),
  );
  if (gone.length === 0) return null;
  return (
    <Text size="xs" c="var(--sluice-warn)" mt={3}>
      {gone.length === 1
        ? `The column "${gone[0]}" does not come in.`
        : `These columns do not come in: ${gone.join(', ')}.`}
    </Text>
  );
}
