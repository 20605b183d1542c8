import { Button, Paper, Stack } from '@mantine/core';
import { isRecord } from '../../../spec/workflow/record.ts';
import type { FieldProps } from '../form/field.ts';
import { ParamsForm } from '../form/ParamsForm.tsx';

/** An object with fields of its own; one that is not required can be left out. */
export function GroupField({ ui, schema, path, required, value, onChange }: FieldProps & { readonly id: string }) {
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
        <ParamsForm
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

/** `undefined` takes the field away. */
export function withField(
  object: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Record<string, unknown> {
  const { [name]: _, ...rest } = object;
  return value === undefined ? rest : { ...object, [name]: value };
}
