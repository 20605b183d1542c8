import { ActionIcon, Group, Menu, TextInput } from '@mantine/core';
import { IconColumns3, IconMathFunction } from '@tabler/icons-react';
import { useState } from 'react';
import { parseReference } from '../template/reference.ts';
import { TemplateInput } from '../template/TemplateInput.tsx';
import { bodyOf, formulaOf, formulaValue, isTemplateText } from '../template/template-text.ts';
import classes from './ValueInput.module.css';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: unknown;
  readonly literal?: boolean;
  readonly scope?: 'record' | 'step';
  readonly placeholder?: string | undefined;
  readonly onChange: (value: unknown) => void;
}

/** A value of any type inside a larger field: text with columns, or a formula. Numbers, true and false are kept as such until edited. */
export function ValueInput({ id, label, value, literal = false, scope = 'record', placeholder, onChange }: Props) {
  const [asFormula, setAsFormula] = useState(false);
  if (literal) {
    return (
      <TextInput
        id={id}
        aria-label={label}
        value={bodyOf(value)}
        placeholder={placeholder ?? ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const formula = formulaOf(value);
  const isFormula = formula !== undefined ? asFormula || !parseReference(formula) : asFormula && !isTemplateText(value);
  const toggle = (next: boolean) => {
    setAsFormula(next);
    if (next && formula === undefined && value !== undefined && value !== '')
      onChange(isTemplateText(value) ? undefined : formulaValue(JSON.stringify(value)));
    if (!next && formula !== undefined && !parseReference(formula)) onChange(undefined);
  };
  const Icon = isFormula ? IconMathFunction : IconColumns3;
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <div className={classes.input}>
        <TemplateInput
          id={id}
          label={label}
          value={value}
          onChange={onChange}
          mode={isFormula ? 'formula' : 'text'}
          scope={scope}
          placeholder={placeholder}
        />
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            size={24}
            mt={6}
            aria-label={`How to give ${label}: ${isFormula ? 'Formula' : 'Text and columns'}`}
          >
            <Icon size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconColumns3 size={15} aria-hidden />} onClick={() => toggle(false)}>
            Text and columns
          </Menu.Item>
          <Menu.Item leftSection={<IconMathFunction size={15} aria-hidden />} onClick={() => toggle(true)}>
            Formula
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
