import { Text } from '@mantine/core';
import { lazy, useState } from 'react';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';

const CodeEditor = lazy(async () => ({ default: (await import('./CodeEditor.tsx')).CodeEditor }));

/** Any value, as JSON. What cannot be read yet stays in the editor and is not taken over. */
export function JsonField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  const { readOnly } = useForm();
  const [draft, setDraft] = useState<string>();
  const written = value === undefined ? '' : JSON.stringify(value, null, 2);
  const unread = draft !== undefined && draft.trim() !== '' && parse(draft) === undefined;
  // While the draft says the same as the value, its own line breaks are kept.
  const shown =
    draft !== undefined && (unread || JSON.stringify(parse(draft)?.value) === JSON.stringify(value)) ? draft : written;
  return (
    <>
      <CodeEditor
        id={id}
        label={ui.label}
        language="json"
        value={shown}
        placeholder={ui.placeholder}
        readOnly={readOnly}
        onChange={(text) => {
          setDraft(text);
          if (text.trim() === '') onChange(undefined);
          const parsed = parse(text);
          if (parsed) onChange(parsed.value);
        }}
      />
      {unread && (
        <Text size="xs" c="var(--sluice-bad)" mt={3} role="alert">
          This is not JSON yet, so the value before it still counts.
        </Text>
      )}
    </>
  );
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
