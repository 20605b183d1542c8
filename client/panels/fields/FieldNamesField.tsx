import { TagsInput } from '@mantine/core';
import { usePanelData } from '../data/PanelData.tsx';
import type { FieldProps } from '../form/field.ts';
import { GoneColumns } from './FieldNameField.tsx';

/** Names of incoming columns, in order. */
export function FieldNamesField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  const { incomingColumns } = usePanelData();
  const list = Array.isArray(value) ? value.map(String) : [];
  return (
    <>
      <TagsInput
        id={id}
        data={[...incomingColumns]}
        value={list}
        placeholder={list.length === 0 ? (ui.placeholder ?? 'Choose columns') : ''}
        clearable
        acceptValueOnBlur
        maxDropdownHeight={240}
        onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      />
      <GoneColumns names={list} />
    </>
  );
}
