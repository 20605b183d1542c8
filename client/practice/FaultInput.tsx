import { NumberInput, Select, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './FaultInput.module.css';
import { type FaultField, settingAt } from './fault-fields.ts';

interface Props {
  readonly field: FaultField;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly disabled: boolean;
  readonly onChange: (path: readonly string[], value: unknown) => void;
}

/** What a fault does at the left, its setting at the right. */
export function FaultInput({ field, settings, disabled, onChange }: Props) {
  const id = useId();
  const value = settingAt(settings, field.path);
  const names = { 'aria-labelledby': `${id}-label`, 'aria-describedby': `${id}-help`, disabled };
  const number = (most: number) => (
    <NumberInput
      {...names}
      size="xs"
      min={0}
      max={most}
      allowDecimal={false}
      thousandSeparator=","
      value={Number(value)}
      onChange={(next) => onChange(field.path, Number(next) || 0)}
    />
  );
  const controls: Record<FaultField['kind'], () => ReactNode> = {
    switch: () => (
      <Switch
        {...names}
        checked={value === true}
        onChange={(event) => onChange(field.path, event.currentTarget.checked)}
      />
    ),
    milliseconds: () => number(600_000),
    count: () => number(100_000),
    texts: () => (
      <TagsInput {...names} size="xs" value={value as string[]} onChange={(next) => onChange(field.path, next)} />
    ),
  };
  return (
    <div className={classes.row} data-wide={field.kind === 'texts' || undefined}>
      <div>
        <Text size="sm" fw={500} id={`${id}-label`}>
          {field.label}
        </Text>
        <Text size="xs" c="dimmed" id={`${id}-help`}>
          {field.help}
        </Text>
      </div>
      <div className={classes.control}>{controls[field.kind]()}</div>
      {field.with && Number(value) > 0 && (
        <div className={classes.second}>
          <SecondInput
            second={field.with}
            value={settingAt(settings, field.with.path)}
            disabled={disabled}
            onChange={onChange}
          />
        </div>
      )}
    </div>
  );
}

function SecondInput({
  second,
  value,
  disabled,
  onChange,
}: Pick<Props, 'disabled' | 'onChange'> & { second: NonNullable<FaultField['with']>; value: unknown }) {
  const common = { size: 'xs', label: second.label, disabled } as const;
  if (second.kind === 'status') {
    return (
      <Select
        {...common}
        allowDeselect={false}
        data={['500', '503']}
        value={String(value)}
        onChange={(next) => onChange(second.path, Number(next))}
      />
    );
  }
  if (second.kind === 'count') {
    return (
      <NumberInput
        {...common}
        min={0}
        max={3600}
        allowDecimal={false}
        value={Number(value)}
        onChange={(next) => onChange(second.path, Number(next) || 0)}
      />
    );
  }
  return (
    <TextInput
      {...common}
      value={String(value)}
      onChange={(event) => onChange(second.path, event.currentTarget.value)}
    />
  );
}
