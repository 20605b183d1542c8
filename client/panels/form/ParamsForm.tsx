import { Button, Collapse, Stack } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Field } from './Field.tsx';
import type { ParamsFormProps } from './FormContext.tsx';
import { isShown, uiOf } from './field.ts';

/** The fields of an object's schema; rarely needed ones wait in a fold. */
export function ParamsForm({ schema, path, values, onChange }: ParamsFormProps) {
  const properties = schema.properties ?? {};
  const shown = Object.entries(properties)
    .map(([name, property]) => ({ name, property, ui: uiOf(name, property) }))
    .filter(({ ui }) => isShown(ui, values, properties));
  const [open, setOpen] = useState(() =>
    shown.some(
      ({ name, ui }) => ui.advanced && values[name] !== undefined && values[name] !== properties[name]?.default,
    ),
  );
  const advanced = shown.filter(({ ui }) => ui.advanced);
  const field = ({ name, property, ui }: (typeof shown)[number]) => (
    <Field
      key={name}
      schema={property}
      ui={ui}
      path={[...path, name]}
      required={(schema.required ?? []).includes(name) || ui.required === true}
      value={values[name] ?? property.default}
      onChange={(value) => onChange(name, value)}
      siblings={values}
    />
  );
  return (
    <Stack gap="md">
      {shown.filter(({ ui }) => !ui.advanced).map(field)}
      {advanced.length > 0 && (
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-expanded={open}
            leftSection={open ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
            onClick={() => setOpen(!open)}
          >
            More options
          </Button>
          <Collapse expanded={open}>
            <Stack gap="md" pt="sm">
              {open && advanced.map(field)}
            </Stack>
          </Collapse>
        </div>
      )}
    </Stack>
  );
}
