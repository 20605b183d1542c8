import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { isRecord } from '../../../spec/workflow/record.ts';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';
import classes from './KeyValuesField.module.css';
import { ValueInput } from './ValueInput.tsx';

type Pair = readonly [name: string, value: unknown];

/** Names with a value each, such as the fields of a record or the headers of a request. */
export function KeyValuesField({ id, ui, path, value, onChange }: FieldProps & { readonly id: string }) {
  const { problemAt } = useForm();
  const given: readonly Pair[] = isRecord(value) ? Object.entries(value) : [];
  // Names that are empty or there twice cannot stand in an object, so they live here until they can.
  const [draft, setDraft] = useState<readonly Pair[]>();
  const pairs = draft && sameObject(draft, given) ? draft : given;
  const set = (next: readonly Pair[]) => {
    setDraft(next);
    const object = Object.fromEntries(next.filter(([name]) => name !== ''));
    onChange(Object.keys(object).length === 0 ? undefined : object);
  };
  const literal = ui.scope === 'literal';
  return (
    <Stack gap="sm" id={id}>
      {pairs.map(([name, entry], index) => {
        const twice = name !== '' && pairs.findIndex(([other]) => other === name) !== index;
        const problem = problemAt([...path, name]);
        return (
          <Group
            // biome-ignore lint/suspicious/noArrayIndexKey: the name changes while it is typed
            key={index}
            gap={6}
            wrap="nowrap"
            align="flex-start"
            role="group"
            aria-label={`${ui.label} ${index + 1}`}
          >
            <TextInput
              className={classes.name ?? ''}
              aria-label={`Name ${index + 1}`}
              placeholder="Name"
              value={name}
              error={twice ? 'There is one of this name' : undefined}
              onChange={(event) => {
                const next = event.currentTarget.value;
                set(pairs.map((pair, at) => (at === index ? [next, pair[1]] : pair)));
              }}
            />
            <div className={classes.value}>
              <ValueInput
                id={`${id}-${index}`}
                label={name === '' ? `Value ${index + 1}` : `Value of ${name}`}
                value={entry}
                literal={literal}
                onChange={(next) => set(pairs.map((pair, at) => (at === index ? [pair[0], next ?? ''] : pair)))}
              />
              {problem && <div className={classes.problem}>{problem}</div>}
            </div>
            <ActionIcon
              size={36}
              aria-label={`Remove ${name === '' ? `entry ${index + 1}` : name}`}
              onClick={() => set(pairs.filter((_, at) => at !== index))}
            >
              <IconTrash size={15} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={`Add to ${ui.label}`}
          onClick={() => setDraft([...pairs, ['', '']])}
        >
          Add
        </Button>
      </div>
    </Stack>
  );
}

function sameObject(pairs: readonly Pair[], given: readonly Pair[]): boolean {
  return (
    JSON.stringify(Object.fromEntries(pairs.filter(([name]) => name !== ''))) ===
    JSON.stringify(Object.fromEntries(given))
  );
}
