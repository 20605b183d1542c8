import { Switch } from '@mantine/core';
import type { FieldProps } from '../form/field.ts';

export function SwitchField({ id, value, onChange }: FieldProps & { readonly id: string }) {
  const on = value === true;
  return (
    <Switch
      id={id}
      checked={on}
      label={on ? 'Yes' : 'No'}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
