import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { IconColumns3, IconCursorText, IconMathFunction } from '@tabler/icons-react';
import { type ComponentType, lazy, type ReactNode, Suspense, useId, useState } from 'react';
import type { FieldKind } from '../../../spec/workflow/node-type.ts';
import { ChoiceField } from '../fields/ChoiceField.tsx';
import { ChoicesField } from '../fields/ChoicesField.tsx';
import { CodeField } from '../fields/CodeField.tsx';
import { ColumnMapField } from '../fields/ColumnMapField.tsx';
import { ConditionsField } from '../fields/ConditionsField.tsx';
import { DateTimeField } from '../fields/DateTimeField.tsx';
import { DurationField } from '../fields/DurationField.tsx';
import { FieldNameField } from '../fields/FieldNameField.tsx';
import { FieldNamesField } from '../fields/FieldNamesField.tsx';
import { GroupField } from '../fields/GroupField.tsx';
import { JsonField } from '../fields/JsonField.tsx';
import { KeyValuesField } from '../fields/KeyValuesField.tsx';
import { ListField } from '../fields/ListField.tsx';
import { NumberField } from '../fields/NumberField.tsx';
import { RenamesField } from '../fields/RenamesField.tsx';
import { SwitchField } from '../fields/SwitchField.tsx';
import { TextField } from '../fields/TextField.tsx';
import { parseReference } from '../template/reference.ts';
import { TemplateInput } from '../template/TemplateInput.tsx';
import { formulaOf, formulaValue, holesOf, isTemplateText } from '../template/template-text.ts';
import classes from './Field.module.css';
import { useForm } from './FormContext.tsx';
import { type FieldProps, type Mode, modesOf } from './field.ts';

const CronField = lazy(async () => ({ default: (await import('../fields/CronField.tsx')).CronField }));

/** One component for each kind of field, for values given as they stand. */
const kinds: Readonly<Record<FieldKind, ComponentType<FieldProps & { readonly id: string }>>> = {
  text: TextField,
  'long-text': TextField,
  number: NumberField,
  switch: SwitchField,
  choice: ChoiceField,
  choices: ChoicesField,
  duration: DurationField,
  'date-time': DateTimeField,
  cron: CronField,
  code: CodeField,
  json: JsonField,
  conditions: ConditionsField,
  'key-values': KeyValuesField,
  'column-map': ColumnMapField,
  renames: RenamesField,
  'field-name': FieldNameField,
  'field-names': FieldNamesField,
  list: ListField,
  group: GroupField,
};

const modeLooks: Readonly<Record<Mode, { word: string; icon: typeof IconCursorText }>> = {
  fixed: { word: 'Fixed value', icon: IconCursorText },
  columns: { word: 'Text and columns', icon: IconColumns3 },
  formula: { word: 'Formula', icon: IconMathFunction },
};

/** A parameter: label, the ways to give it, the editor, what is wrong with it. */
export function Field(props: FieldProps) {
  const { ui, path, required, value, onChange } = props;
  const { problemAt, readOnly } = useForm();
  const id = useId();
  const modes = modesOf(ui);
  const [picked, setPicked] = useState<Mode>();
  const mode = currentMode(value, modes, picked);
  const problem = problemAt(path);
  const Editor = kinds[ui.kind];
  const inline = ui.kind === 'switch' && mode === 'fixed';

  const setMode = (next: Mode) => {
    setPicked(next);
    if (next === mode) return;
    if (next === 'formula' && isTemplateText(value)) {
      const formula = formulaOf(value);
      if (formula === undefined) onChange(undefined);
    } else if (next === 'formula' && typeof value === 'string' && value !== '') {
      onChange(formulaValue(JSON.stringify(value)));
    } else if (isTemplateText(value) && next === 'fixed') onChange(undefined);
  };

  return (
    <div className={classes.field} data-field={path.join('.')} data-invalid={problem !== undefined || undefined}>
      <Group gap={6} wrap="nowrap" justify="space-between" align="center" mih={26}>
        <label htmlFor={id} id={`${id}-label`} className={classes.label}>
          {ui.label}
          {required && (
            <span className={classes.required} title="Required">
              {' '}
              *
            </span>
          )}
        </label>
        {modes.length > 1 && (
          <ModeMenu label={ui.label} modes={modes} mode={mode} disabled={readOnly} onMode={setMode} />
        )}
      </Group>
      {ui.help && <Text className={classes.help}>{ui.help}</Text>}
      <fieldset className={classes.plain} disabled={readOnly} data-inline={inline || undefined}>
        <Suspense>
          {mode === 'fixed' || (mode === 'columns' && (ui.kind === 'text' || ui.kind === 'long-text')) ? (
            <Editor {...props} id={id} />
          ) : (
            <TemplateInput
              id={id}
              label={ui.label}
              value={value}
              onChange={onChange}
              mode={mode === 'formula' ? 'formula' : 'text'}
              scope={ui.scope === 'step' ? 'step' : 'record'}
              placeholder={ui.placeholder}
            />
          )}
        </Suspense>
      </fieldset>
      {problem && (
        <Text className={classes.problem} role="alert">
          {problem}
        </Text>
      )}
    </div>
  );
}

function ModeMenu({
  label,
  modes,
  mode,
  disabled,
  onMode,
}: {
  label: string;
  modes: readonly Mode[];
  mode: Mode;
  disabled: boolean;
  onMode: (mode: Mode) => void;
}): ReactNode {
  const Icon = modeLooks[mode].icon;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          size={24}
          disabled={disabled}
          aria-label={`How to give ${label}: ${modeLooks[mode].word}`}
          title={modeLooks[mode].word}
        >
          <Icon size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {modes.map((choice) => {
          const ChoiceIcon = modeLooks[choice].icon;
          return (
            <Menu.Item key={choice} leftSection={<ChoiceIcon size={15} aria-hidden />} onClick={() => onMode(choice)}>
              {modeLooks[choice].word}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The mode that the value itself tells, unless the person has just picked another that it allows. */
function currentMode(value: unknown, modes: readonly Mode[], picked: Mode | undefined): Mode {
  const [first = 'fixed'] = modes;
  if (modes.length === 1) return first;
  const formula = formulaOf(value);
  if (formula !== undefined && (picked === 'formula' || !parseReference(formula))) return 'formula';
  if (isTemplateText(value)) return picked === 'formula' && holesOf(value).length === 0 ? 'formula' : 'columns';
  return picked ?? first;
}
