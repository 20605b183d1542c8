import { lazy } from 'react';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';

const CodeEditor = lazy(async () => ({ default: (await import('./CodeEditor.tsx')).CodeEditor }));

export function CodeField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  const { readOnly } = useForm();
  return (
    <CodeEditor
      id={id}
      label={ui.label}
      language={ui.language ?? 'text'}
      value={typeof value === 'string' ? value : ''}
      placeholder={ui.placeholder}
      readOnly={readOnly}
      onChange={(text) => onChange(text === '' ? undefined : text)}
    />
  );
}
