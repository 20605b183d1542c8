import { Popover, Text } from '@mantine/core';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { usePanelData } from '../data/PanelData.tsx';
import { previewOf } from '../data/preview.ts';
import type { Column } from '../data/step-data.ts';
import { useForm } from '../form/FormContext.tsx';
import { ColumnPicker } from './ColumnPicker.tsx';
import { PreviewLine } from './PreviewLine.tsx';
import type { PillWords } from './pills.ts';
import { printReference } from './reference.ts';
import type { EditorHandle } from './TemplateEditor.tsx';
import classes from './TemplateInput.module.css';
import { bodyOf, formulaOf, formulaValue, isTemplateText, paramOf } from './template-text.ts';

const TemplateEditor = lazy(async () => ({ default: (await import('./TemplateEditor.tsx')).TemplateEditor }));

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly mode?: 'text' | 'formula';
  readonly multiline?: boolean;
  /** `step`: evaluated once, so columns are read from the first record. */
  readonly scope?: 'record' | 'step';
  readonly placeholder?: string | undefined;
}

/** A field in which columns of earlier steps can be mixed with text, or used in a formula; below it, what it gives for the sample row. */
export function TemplateInput({
  id,
  label,
  value,
  onChange,
  mode = 'text',
  multiline = false,
  scope = 'record',
  placeholder,
}: Props) {
  const { readOnly } = useForm();
  const data = usePanelData();
  const editor = useRef<EditorHandle>(undefined);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const text = mode === 'formula' ? (formulaOf(value) ?? '') : bodyOf(value);

  const change = (next: string) => {
    // While a formula is typed its completions need the room.
    if (mode === 'formula') setOpen(false);
    if (next.trim() === '') onChange(undefined);
    else onChange(mode === 'formula' ? formulaValue(next) : paramOf(next));
  };
  const choose = (column: Column) => {
    const expression = expressionFor(column, scope);
    editor.current?.insert(mode === 'formula' ? expression : `{{ ${expression} }}`);
  };
  const pillWords: PillWords = ({ step }) => {
    const name = step ?? data.source?.data.id;
    const found = data.world.steps.find((candidate) => candidate.id === name || candidate.name === name);
    return { step: found?.name ?? step ?? 'This record', known: found !== undefined || step === undefined };
  };
  const preview = useMemo(
    () => (isTemplateText(value) ? previewOf(value, data.world) : undefined),
    [value, data.world],
  );

  return (
    <div ref={box} className={classes.wrap}>
      <Popover
        opened={open && !readOnly}
        onChange={setOpen}
        position="bottom-start"
        width="target"
        offset={4}
        shadow="md"
        withinPortal
        closeOnEscape={false}
        trapFocus={false}
        withRoles={false}
        returnFocus={false}
        middlewares={{ flip: true, shift: true, size: false }}
      >
        <Popover.Target>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the editor inside is the control */}
          <div
            onClick={() => setOpen(true)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || !open || event.defaultPrevented) return;
              event.preventDefault();
              setOpen(false);
            }}
            className={classes.box}
            data-formula={mode === 'formula' || undefined}
            data-multiline={multiline || undefined}
          >
            {mode === 'formula' && (
              <span className={classes.fx} aria-hidden>
                fx
              </span>
            )}
            <div className={classes.editor}>
              <Suspense fallback={<Text className={classes.waiting}>{text}</Text>}>
                <TemplateEditor
                  id={id}
                  label={label}
                  value={text}
                  onChange={change}
                  mode={mode}
                  multiline={multiline || mode === 'formula'}
                  placeholder={placeholder ?? (mode === 'formula' ? 'round($json.amount * 1.2)' : '')}
                  readOnly={readOnly}
                  columns={data.columns}
                  pillWords={pillWords}
                  onReady={(handle) => {
                    editor.current = handle;
                  }}
                  onFocus={() => setOpen(true)}
                />
              </Suspense>
            </div>
          </div>
        </Popover.Target>
        <Popover.Dropdown p={0} className={classes.dropdown ?? ''}>
          <ColumnPicker
            scope={scope}
            onChoose={choose}
            onClose={() => {
              setOpen(false);
              editor.current?.focus();
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {preview && <PreviewLine preview={preview} />}
    </div>
  );
}

export function expressionFor(column: Column, scope: 'record' | 'step'): string {
  if (scope === 'step') return printReference({ step: column.step.id, which: 'first', path: [column.name] });
  return printReference({ step: column.own ? undefined : column.step.id, which: 'item', path: [column.name] });
}
