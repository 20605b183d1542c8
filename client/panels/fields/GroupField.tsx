import { Button, Paper, Stack } from '@mantine/core';
import { isRecord } from '../../../spec/workflow/record.ts';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';
import { withField } from './with-field.ts';

/** An object with fields of its own; one that is not required can be left out. */
export function GroupField({ ui, schema, path, required, value, onChange }: FieldProps & { readonly id: string }) {
  const { Form } = useForm();
  const object = isRecord(value) ? value : undefined;
  if (!object && !required) {
    return (
      <Button size="compact-sm" variant="default" aria-label={`Set ${ui.label}`} onClick={() => onChange({})}>
        Set
      </Button>
    );
  }
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Form
          schema={schema}
          path={path}
          values={object ?? {}}
          onChange={(name, next) => onChange(withField(object ?? {}, name, next))}
        />
        {!required && (
          <div>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(undefined)}>
              Leave out
            </Button>
          </div>
        )}
      </Stack>
    </Paper>
  );
}
