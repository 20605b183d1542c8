import { ActionIcon, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { JsonSchema } from '../../../spec/workflow/node-type.ts';
import { isRecord } from '../../../spec/workflow/record.ts';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';
import { useListKeys } from './use-list-keys.ts';
import { withField } from './with-field.ts';

/** A list of objects, each with its own fields; the order counts. */
export function ListField({ ui, schema, path, value, onChange }: FieldProps & { readonly id: string }) {
  const { Form } = useForm();
  const entries = Array.isArray(value) ? value : [];
  const keys = useListKeys(entries.length);
  const item: JsonSchema = typeof schema.items === 'object' ? schema.items : {};
  const noun = item.ui?.label ?? 'Entry';
  const replace = (index: number, next: unknown) => onChange(entries.map((entry, at) => (at === index ? next : entry)));
  const swap = (index: number, other: number) => {
    const next = [...entries];
    [next[index], next[other]] = [next[other], next[index]];
    keys.swap(index, other);
    onChange(next);
  };
  return (
    <Stack gap="xs">
      {entries.map((entry, index) => (
        <Paper key={keys.at(index)} withBorder p="sm" role="group" aria-label={`${noun} ${index + 1}`}>
          <Group justify="space-between" mb={6} wrap="nowrap">
            <Text size="xs" c="dimmed" fw={600}>
              {noun} {index + 1}
            </Text>
            <Group gap={2} wrap="nowrap">
              <ActionIcon
                size={24}
                aria-label={`Move ${noun} ${index + 1} up`}
                disabled={index === 0}
                onClick={() => swap(index, index - 1)}
              >
                <IconArrowUp size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                size={24}
                aria-label={`Move ${noun} ${index + 1} down`}
                disabled={index === entries.length - 1}
                onClick={() => swap(index, index + 1)}
              >
                <IconArrowDown size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                size={24}
                aria-label={`Remove ${noun} ${index + 1}`}
                onClick={() => {
                  keys.remove(index);
                  onChange(entries.filter((_, at) => at !== index));
                }}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </Group>
          </Group>
          <Form
            schema={item}
            path={[...path, index]}
            values={isRecord(entry) ? entry : {}}
            onChange={(name, next) => replace(index, withField(isRecord(entry) ? entry : {}, name, next))}
          />
        </Paper>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={`Add ${noun} to ${ui.label}`}
          onClick={() => onChange([...entries, newEntry(item)])}
        >
          Add {noun.toLowerCase()}
        </Button>
      </div>
    </Stack>
  );
}

function newEntry(schema: JsonSchema): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default !== undefined) entry[name] = property.default;
    else if (property.ui?.kind === 'conditions' && schema.required?.includes(name)) entry[name] = { all: [] };
  }
  return entry;
}
