import { Group, NumberInput, Select } from '@mantine/core';
import type { FieldProps } from '../form/field.ts';

const units = [
  { value: 'ms', label: 'milliseconds' },
  { value: 's', label: 'seconds' },
  { value: 'm', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
];

/** "10m" as a number and a unit. */
export function DurationField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  return <DurationInput id={id} label={ui.label} value={value} placeholder={ui.placeholder} onChange={onChange} />;
}

interface InputProps {
  readonly id: string;
  readonly label: string;
  readonly value: unknown;
  readonly placeholder?: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

export function DurationInput({ id, label, value, placeholder, onChange }: InputProps) {
  const [, amount = '', unit = unitOf(placeholder)] =
    /^([\d.]+)\s*(ms|s|m|h|d)$/.exec(typeof value === 'string' ? value : '') ?? [];
  return (
    <Group gap="xs" wrap="nowrap">
      <NumberInput
        id={id}
        min={0}
        w={110}
        value={amount}
        placeholder={/^[\d.]+/.exec(placeholder ?? '')?.[0] ?? ''}
        onChange={(next) => onChange(next === '' ? undefined : `${next}${unit}`)}
      />
      <Select
        aria-label={`Unit of ${label}`}
        w={150}
        data={units}
        value={unit}
        allowDeselect={false}
        onChange={(next) => onChange(amount === '' ? undefined : `${amount}${next ?? 's'}`)}
      />
    </Group>
  );
}

function unitOf(placeholder: string | undefined): string {
  return /(ms|s|m|h|d)$/.exec(placeholder ?? '')?.[1] ?? 'm';
}
