import { PasswordInput, TextInput } from '@mantine/core';
import type { FieldProps } from '../form/field.ts';
import { TemplateInput } from '../template/TemplateInput.tsx';

/** One line or several; columns can be mixed in unless the text is always literal. */
export function TextField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const set = (next: string) => onChange(next === '' ? undefined : next);
  if (ui.secret) return <PasswordInput id={id} value={text} onChange={(event) => set(event.currentTarget.value)} />;
  if (ui.scope === 'literal') {
    return (
      <TextInput
        id={id}
        value={text}
        placeholder={ui.placeholder ?? ''}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  return (
    <TemplateInput
      id={id}
      label={ui.label}
      value={value}
      onChange={onChange}
      multiline={ui.kind === 'long-text'}
      scope={ui.scope === 'step' ? 'step' : 'record'}
      placeholder={ui.placeholder}
    />
  );
}
