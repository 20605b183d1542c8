import { TagsInput, Text } from '@mantine/core';
import type { FieldProps } from '../form/field.ts';
import { useLoadedOptions } from './use-loaded-options.ts';

/** Several values, chosen or typed. */
export function ChoicesField(props: FieldProps & { readonly id: string }) {
  const { id, ui, value, onChange } = props;
  const loaded = useLoadedOptions(props);
  const list = Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];
  const offered = [
    ...(ui.options ?? []).map((option) => option.value),
    ...loaded.options.map((option) => option.value),
  ];
  const why = loaded.needs ?? (loaded.error && `${loaded.error.message} ${loaded.error.remedy ?? ''}`);
  return (
    <>
      <TagsInput
        id={id}
        data={[...new Set(offered)]}
        value={list}
        placeholder={list.length === 0 ? (ui.placeholder ?? 'Choose or type') : ''}
        clearable
        acceptValueOnBlur
        maxDropdownHeight={240}
        onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      />
      {ui.load !== undefined && why && (
        <Text size="xs" c="dimmed" mt={3}>
          {why}
        </Text>
      )}
    </>
  );
}
