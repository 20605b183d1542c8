import { ActionIcon, Button, Checkbox, Group, SegmentedControl, Select, Stack, TagsInput, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Comparison, Condition, Conditions } from '../../../spec/workflow/conditions.ts';
import { isRecord } from '../../../spec/workflow/record.ts';
import { usePanelData } from '../data/PanelData.tsx';
import type { FieldProps } from '../form/field.ts';
import { parseReference } from '../template/reference.ts';
import { formulaOf, formulaValue } from '../template/template-text.ts';
import classes from './ConditionsField.module.css';
import { comparisonGroups, rightOf, typeNames, type ValueType, valueType } from './condition-words.ts';
import { useListKeys } from './use-list-keys.ts';
import { ValueInput } from './ValueInput.tsx';

/** Conditions that all or any must hold, with groups of conditions inside. */
export function ConditionsField({ id, ui, value, onChange }: FieldProps & { readonly id: string }) {
  return <ConditionGroup id={id} label={ui.label} value={readConditions(value)} depth={0} onChange={onChange} />;
}

interface GroupProps {
  readonly id: string;
  readonly label: string;
  readonly value: Conditions;
  readonly depth: number;
  readonly onChange: (value: Conditions) => void;
}

function ConditionGroup({ id, label, value, depth, onChange }: GroupProps) {
  const { columns } = usePanelData();
  const how = 'all' in value ? 'all' : 'any';
  const entries = 'all' in value ? value.all : value.any;
  const keys = useListKeys(entries.length);
  const set = (next: readonly (Condition | Conditions)[], by: 'all' | 'any' = how) =>
    onChange(by === 'all' ? { all: [...next] } : { any: [...next] });
  const first = columns.find((column) => column.own);
  const blank: Condition = { left: first ? formulaValue(`$json.${first.name}`) : '', is: 'equals', right: '' };
  return (
    <fieldset className={classes.group} data-depth={depth} aria-label={label}>
      {entries.length > 1 && (
        <Group gap={8} mb={8}>
          <SegmentedControl
            size="xs"
            aria-label={`${label}: how many must hold`}
            value={how}
            data={[
              { value: 'all', label: 'All' },
              { value: 'any', label: 'Any' },
            ]}
            onChange={(next) => set(entries, next === 'any' ? 'any' : 'all')}
          />
          <Text size="sm">of these must hold</Text>
        </Group>
      )}
      <Stack gap={8}>
        {entries.length === 0 && (
          <Text size="sm" c="dimmed">
            No condition yet.
          </Text>
        )}
        {entries.map((entry, index) => {
          const remove = (
            <ActionIcon
              size={28}
              mt={4}
              aria-label={`Remove condition ${index + 1}`}
              onClick={() => {
                keys.remove(index);
                set(entries.filter((_, at) => at !== index));
              }}
            >
              <IconTrash size={15} aria-hidden />
            </ActionIcon>
          );
          const replace = (next: Condition | Conditions) =>
            set(entries.map((before, at) => (at === index ? next : before)));
          return (
            <Group key={keys.at(index)} gap={6} wrap="nowrap" align="flex-start">
              <div className={classes.entry}>
                {'is' in entry ? (
                  <ConditionRow
                    id={`${id}-${index}`}
                    label={`Condition ${index + 1}`}
                    value={entry}
                    onChange={replace}
                  />
                ) : (
                  <ConditionGroup
                    id={`${id}-${index}`}
                    label={`Group ${index + 1}`}
                    value={entry}
                    depth={depth + 1}
                    onChange={replace}
                  />
                )}
              </div>
              {remove}
            </Group>
          );
        })}
      </Stack>
      <Group gap={6} mt={8}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() => set([...entries, blank])}
        >
          Add a condition
        </Button>
        {depth < 3 && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => set([...entries, { [how === 'all' ? 'any' : 'all']: [blank] } as Conditions])}
          >
            Add a group
          </Button>
        )}
      </Group>
    </fieldset>
  );
}

function ConditionRow({
  id,
  label,
  value,
  onChange,
}: {
  id: string;
  label: string;
  value: Condition;
  onChange: (value: Condition) => void;
}) {
  const type = useLeftType(value.left);
  const right = rightOf(value.is);
  const setIs = (is: Comparison) => {
    const { right: _, ...rest } = value;
    const next = rightOf(is);
    if (next === 'none') onChange({ ...rest, is });
    else if (next === 'list') onChange({ ...rest, is, right: Array.isArray(value.right) ? value.right : [] });
    else if (next === 'type') onChange({ ...rest, is, right: 'text' });
    else onChange({ ...rest, is, right: Array.isArray(value.right) ? '' : (value.right ?? '') });
  };
  return (
    <fieldset className={classes.row} aria-label={label}>
      <ValueInput
        id={`${id}-left`}
        label={`${label}, value`}
        value={value.left}
        placeholder="Choose a column"
        onChange={(left) => onChange({ ...value, left: left ?? '' })}
      />
      <Select
        aria-label={`${label}, comparison`}
        data={comparisonGroups(type)}
        value={value.is}
        allowDeselect={false}
        searchable
        maxDropdownHeight={320}
        onChange={(is) => is && setIs(is as Comparison)}
      />
      {right === 'value' && (
        <ValueInput
          id={`${id}-right`}
          label={`${label}, compared with`}
          value={value.right}
          placeholder="Value"
          onChange={(next) => onChange({ ...value, right: typed(next, type) })}
        />
      )}
      {right === 'list' && (
        <TagsInput
          aria-label={`${label}, list`}
          placeholder="Type a value, then Enter"
          acceptValueOnBlur
          value={Array.isArray(value.right) ? value.right.map(String) : []}
          onChange={(list) => onChange({ ...value, right: list.map((entry) => typed(entry, type)) })}
        />
      )}
      {right === 'type' && (
        <Select
          aria-label={`${label}, type`}
          data={typeNames}
          value={String(value.right ?? 'text')}
          allowDeselect={false}
          onChange={(next) => onChange({ ...value, right: next })}
        />
      )}
      {canBeLoose(value, type) && (
        <Checkbox
          className={classes.loose ?? ''}
          size="xs"
          label="A text that looks like a number counts as that number"
          checked={value.loose === true}
          onChange={({ currentTarget: { checked } }) => {
            const { loose: _, ...rest } = value;
            onChange(checked ? { ...rest, loose: true } : rest);
          }}
        />
      )}
    </fieldset>
  );
}

/** Where a text and a number meet, for these are never equal by themselves. */
function canBeLoose({ is, right, loose }: Condition, type: ValueType | undefined): boolean {
  if (loose) return true;
  if (is !== 'equals' && is !== 'not-equals' && is !== 'in' && is !== 'not-in') return false;
  const sides = (Array.isArray(right) ? right : [right]).map((entry) =>
    looksLikeNumber(entry) ? 'number' : valueType(entry),
  );
  return type === 'text' ? sides.includes('number') : type === 'number' && sides.includes('text');
}

function looksLikeNumber(value: unknown): boolean {
  return (
    typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
  );
}

/** The type of the column on the left in the sample row. */
function useLeftType(left: unknown): ValueType | undefined {
  const { columns } = usePanelData();
  const reference = parseReference(formulaOf(left) ?? '');
  const [name, ...deeper] = reference?.path ?? [];
  if (reference === undefined || deeper.length > 0) return undefined;
  const column = columns.find(
    (candidate) =>
      candidate.name === name &&
      (reference.step === undefined
        ? candidate.own
        : candidate.step.id === reference.step || candidate.step.name === reference.step),
  );
  return valueType(column?.sample);
}

/** What was typed beside a number column is a number, for comparison is by value and type. */
function typed(value: unknown, type: ValueType | undefined): unknown {
  if (type !== 'number' || typeof value !== 'string' || value.trim() === '' || value.startsWith('='))
    return value ?? '';
  const number = Number(value);
  return Number.isFinite(number) && String(number) === value ? number : value;
}

function readConditions(value: unknown): Conditions {
  if (isRecord(value) && Array.isArray(value.all)) return { all: value.all as (Condition | Conditions)[] };
  if (isRecord(value) && Array.isArray(value.any)) return { any: value.any as (Condition | Conditions)[] };
  return { all: [] };
}
