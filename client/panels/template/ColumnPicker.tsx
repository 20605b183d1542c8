import { Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { ConnectorIcon } from '../../ui/ConnectorIcon.tsx';
import { cellOf } from '../../ui/cell.ts';
import { usePanelData } from '../data/PanelData.tsx';
import type { Column } from '../data/step-data.ts';
import classes from './ColumnPicker.module.css';

interface Props {
  readonly scope: 'record' | 'step';
  readonly onChoose: (column: Column) => void;
  readonly onClose: () => void;
}

/** The columns of all earlier steps with their values in the sample row. */
export function ColumnPicker({ scope, onChoose, onClose }: Props) {
  const { columns, world, incoming } = usePanelData();
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(-1);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = columns.filter((column) => {
    const text = `${column.step.name} ${column.name} ${cellOf(column.sample).text}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const withoutData = world.steps.filter((step) => step.records.length === 0 && !step.loading);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setActive((before) => Math.max(0, Math.min(found.length - 1, before + (event.key === 'ArrowDown' ? 1 : -1))));
    }
    const column = found[Math.max(0, active)];
    if (event.key === 'Enter' && column) {
      event.preventDefault();
      onChoose(column);
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };

  if (incoming.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="sm">
        Nothing comes before this step, so there are no columns to use. Formulas still work.
      </Text>
    );
  }
  return (
    <div className={classes.picker}>
      <TextInput
        size="xs"
        m={8}
        leftSection={<IconSearch size={14} aria-hidden />}
        placeholder="Search columns"
        aria-label="Search columns"
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label="Columns" tabIndex={0} className={classes.list}>
        {found.map((column, index) => (
          <div key={`${column.step.id} ${column.step.port} ${column.name}`}>
            {column.step !== found[index - 1]?.step && (
              <div className={classes.step} aria-hidden>
                <ConnectorIcon connector={column.step.connector} type={column.step.type} size={13} />
                {column.step.name}
                {scope === 'step' && <span> · first record</span>}
              </div>
            )}
            {/* biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field or the editor */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the search field handles keys */}
            <div
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              className={classes.option}
              data-active={index === active || undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(column)}
            >
              <span className="visually-hidden">{column.step.name}, </span>
              <span className={classes.name}>{column.name}</span>
              <span className={classes.sample} data-kind={cellOf(column.sample).kind}>
                {cellOf(column.sample).text}
              </span>
            </div>
          </div>
        ))}
        {found.length === 0 && columns.length > 0 && (
          <Text size="sm" c="dimmed" p="xs">
            No column has these words.
          </Text>
        )}
      </div>
      {withoutData.length > 0 && (
        <Text size="xs" c="dimmed" px={12} py={8} className={classes.foot}>
          Not run yet, so their columns are not known: {withoutData.map((step) => step.name).join(', ')}
        </Text>
      )}
    </div>
  );
}
