import { NumberInput } from '@mantine/core';
import type { FieldProps } from '../form/field.ts';

export function NumberField({ id, ui, schema, value, onChange }: FieldProps & { readonly id: string }) {
  const least = schema.minimum;
  const most = schema.maximum;
  return (
    <NumberInput
      id={id}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      placeholder={ui.placeholder ?? ''}
      allowDecimal={schema.type !== 'integer'}
      {...(typeof least === 'number' ? { min: least } : {})}
      {...(typeof most === 'number' ? { max: most } : {})}
      clampBehavior="none"
      onChange={(next) => onChange(next === '' ? undefined : next)}
    />
  );
}
