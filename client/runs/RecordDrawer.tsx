import { Drawer } from '@mantine/core';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { cellOf } from '../ui/cell.ts';
import classes from './RecordDrawer.module.css';

/** One record with all its fields, each value whole. */
export function RecordDrawer({
  title,
  record,
  onClose,
}: {
  title: string;
  record: DataRecord | undefined;
  onClose: () => void;
}) {
  return (
    <Drawer opened={record !== undefined} onClose={onClose} position="right" size="md" title={title}>
      <dl className={classes.fields}>
        {Object.entries(record ?? {}).map(([name, value]) => (
          <div key={name} className={classes.field}>
            <dt>{name}</dt>
            <dd data-kind={cellOf(value).kind}>{wholeText(value)}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}

function wholeText(value: unknown): string {
  const { kind, text } = cellOf(value);
  if (typeof value === 'string' && value !== '') return value;
  return kind === 'list' || kind === 'object' ? JSON.stringify(value, null, 2) : text;
}
