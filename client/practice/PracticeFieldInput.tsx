import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import type { PracticeField } from './practice-api.ts';

interface Props {
  readonly field: PracticeField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly readOnly: boolean;
  readonly error: string | undefined;
}

const numbers = new Set(['double', 'currency', 'int', 'percent']);
const kinds: Readonly<Record<string, string>> = { date: 'date', email: 'email', url: 'url', phone: 'tel' };

/** A field of a record by its Salesforce type. An emptied field is sent as null. */
export function PracticeFieldInput({ field, value, onChange, readOnly, error }: Props) {
  const common = {
    label: field.label,
    withAsterisk: field.required,
    error,
    readOnly,
    ...(field.referenceTo.length > 0 ? { description: `Id of the ${field.referenceTo.join(' or ')}` } : {}),
  };
  const text = value === null || value === undefined ? '' : String(value);
  if (field.type === 'boolean') {
    return (
      <Checkbox
        label={field.label}
        checked={value === true}
        disabled={readOnly}
        error={error}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (numbers.has(field.type)) {
    return (
      <NumberInput
        {...common}
        thousandSeparator=","
        allowDecimal={field.type !== 'int'}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : null)}
      />
    );
  }
  if (field.type === 'picklist') {
    const options = text === '' || field.options.includes(text) ? field.options : [text, ...field.options];
    return (
      <Select
        {...common}
        data={[...options]}
        clearable={!field.required}
        searchable={options.length > 8}
        value={text === '' ? null : text}
        onChange={onChange}
      />
    );
  }
  if (field.type === 'textarea') {
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...common}
      type={kinds[field.type] ?? 'text'}
      {...(field.type === 'datetime' ? { placeholder: '2026-01-31T09:00:00Z' } : {})}
      autoComplete="off"
      value={text}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}
