import { ActionIcon, Alert, Autocomplete, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash, IconWand } from '@tabler/icons-react';
import { useState } from 'react';
import type { LoadedOption } from '../../../spec/api/node-types.ts';
import { isRecord } from '../../../spec/workflow/record.ts';
import { usePanelData } from '../data/PanelData.tsx';
import { useForm } from '../form/FormContext.tsx';
import type { FieldProps } from '../form/field.ts';
import { parseReference } from '../template/reference.ts';
import { formulaOf } from '../template/template-text.ts';
import classes from './ColumnMapField.module.css';
import { matchByName } from './column-matching.ts';
import { useLoadedOptions } from './use-loaded-options.ts';
import { ValueInput } from './ValueInput.tsx';
import { withField } from './with-field.ts';

/** The target's columns with the value that each gets. Required ones are always shown; others are added as needed. */
export function ColumnMapField(props: FieldProps & { readonly id: string }) {
  const { id, ui, path, value, onChange } = props;
  const { problemAt } = useForm();
  const { incomingColumns } = usePanelData();
  const loaded = useLoadedOptions(props);
  const [added, setAdded] = useState('');
  const map = isRecord(value) ? value : {};
  const byName = new Map(loaded.options.map((option) => [option.value, option]));
  const required = loaded.options.filter((option) => option.required || option.key).map((option) => option.value);
  const shown = [...new Set([...required, ...Object.keys(map)])];
  const free = loaded.options.filter((option) => !shown.includes(option.value));
  const set = (next: Record<string, unknown>) => onChange(Object.keys(next).length === 0 ? undefined : next);
  const known = loaded.options.length > 0;
  const add = (name: string) => {
    if (name === '' || shown.includes(name)) return;
    set({
      ...map,
      ...matchByName([name], incomingColumns, {}),
      ...(map[name] === undefined ? withDefault(name, incomingColumns) : {}),
    });
    setAdded('');
  };
  return (
    <Stack gap="xs" id={id}>
      {loaded.needs && <Text className={classes.hint}>{loaded.needs}</Text>}
      {loaded.error && (
        <Alert color="orange" variant="light" p="xs">
          <Text size="sm">{loaded.error.message}</Text>
          <Text size="xs">{loaded.error.remedy} You can also type the names.</Text>
          <Button size="compact-xs" variant="default" mt={4} onClick={() => loaded.reload()}>
            Try again
          </Button>
        </Alert>
      )}
      {shown.map((name) => (
        <Mapping
          key={name}
          id={`${id}-${name}`}
          name={name}
          target={byName.get(name)}
          gone={known && !byName.has(name)}
          needed={Object.keys(map).length > 0 || props.required}
          value={map[name]}
          problem={problemAt([...path, name])}
          onChange={(next) => set(withField(map, name, next))}
          onRemove={() => set(withField(map, name, undefined))}
        />
      ))}
      <Group gap="xs" wrap="nowrap">
        <Autocomplete
          size="xs"
          flex={1}
          aria-label={`Column to add to ${ui.label}`}
          placeholder={known ? `Add a column (${free.length} more)` : 'Name of a column'}
          data={free.map((option) => option.value)}
          value={added}
          maxDropdownHeight={220}
          onChange={setAdded}
          onOptionSubmit={add}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add(added.trim());
          }}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={added.trim() === ''}
          onClick={() => add(added.trim())}
        >
          Add
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconWand size={14} aria-hidden />}
          disabled={!known || incomingColumns.length === 0}
          onClick={() =>
            set(
              matchByName(
                loaded.options.map((option) => option.value),
                incomingColumns,
                map,
              ),
            )
          }
        >
          Match by name
        </Button>
      </Group>
    </Stack>
  );
}

interface MappingProps {
  readonly id: string;
  readonly name: string;
  readonly target: LoadedOption | undefined;
  readonly gone: boolean;
  /** False while the whole map is empty: then every field is written by its name. */
  readonly needed: boolean;
  readonly value: unknown;
  readonly problem: string | undefined;
  readonly onChange: (value: unknown) => void;
  readonly onRemove: () => void;
}

function Mapping({ id, name, target, gone, needed, value, problem, onChange, onRemove }: MappingProps) {
  const { incomingColumns } = usePanelData();
  const reference = parseReference(formulaOf(value) ?? '');
  const [source] = reference?.step === undefined ? (reference?.path ?? []) : [];
  const sourceGone = typeof source === 'string' && incomingColumns.length > 0 && !incomingColumns.includes(source);
  const missing = needed && target?.required && value === undefined;
  return (
    <fieldset className={classes.mapping} aria-label={target?.label ?? name} data-gone={gone || undefined}>
      <div className={classes.target}>
        <Text size="sm" fw={500} truncate title={name}>
          {target?.label ?? name}
          {needed && target?.required && <span className={classes.required}> *</span>}
        </Text>
        <Group gap={4}>
          {target?.type && <span className={classes.type}>{target.type}</span>}
          {target?.key && (
            <Badge size="xs" variant="light">
              key
            </Badge>
          )}
        </Group>
      </div>
      <div className={classes.value}>
        <ValueInput
          id={id}
          label={`Value for ${target?.label ?? name}`}
          value={value}
          onChange={onChange}
          placeholder={needed ? 'Choose a column or type' : `The field "${name}", if it comes in`}
        />
        {gone && <Text className={classes.warn}>The target has no column "{name}" any more.</Text>}
        {sourceGone && <Text className={classes.warn}>The column "{source}" no longer comes in.</Text>}
        {missing && <Text className={classes.warn}>Required by the target.</Text>}
        {problem && <Text className={classes.problem}>{problem}</Text>}
      </div>
      {!target?.required || value !== undefined ? (
        <ActionIcon size={28} mt={4} aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={15} aria-hidden />
        </ActionIcon>
      ) : (
        <span />
      )}
    </fieldset>
  );
}

/** A column that was added by hand and matches nothing starts with an empty text. */
function withDefault(name: string, incoming: readonly string[]): Record<string, unknown> {
  return matchByName([name], incoming, {})[name] === undefined ? { [name]: '' } : {};
}
