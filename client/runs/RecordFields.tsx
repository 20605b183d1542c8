import type { DataRecord } from '../../spec/workflow/record.ts';
import { cellOf, isReason } from '../ui/cell.ts';
import classes from './RecordFields.module.css';
import { type FieldChange, fieldChanges } from './record-changes.ts';

interface Props {
  readonly record: DataRecord;
  /** The same record before; fields that differ from it are marked. */
  readonly before?: DataRecord | undefined;
}

/** A record with all its fields, each value whole. */
export function RecordFields({ record, before }: Props) {
  const changes = before && fieldChanges(before, record);
  const gone = changes ? [...changes].filter(([, change]) => change === 'gone').map(([name]) => name) : [];
  return (
    <>
      <dl className={classes.fields}>
        {Object.entries(record).map(([name, value]) => (
          <Field key={name} name={name} value={value} change={changes?.get(name)} old={before?.[name]} />
        ))}
      </dl>
      {Object.keys(record).length === 0 && <p className={classes.gone}>This record has no fields.</p>}
      {gone.length > 0 && (
        <p className={classes.gone}>
          Not there any more: {gone.slice(0, 12).join(', ')}
          {gone.length > 12 && ` and ${gone.length - 12} more`}
        </p>
      )}
    </>
  );
}

function Field({
  name,
  value,
  change,
  old,
}: {
  name: string;
  value: unknown;
  change: FieldChange | undefined;
  old: unknown;
}) {
  return (
    <div className={classes.field} data-change={change}>
      <dt>
        {name}
        {change !== undefined && <span className={classes.mark}>{change === 'new' ? 'new' : 'changed'}</span>}
      </dt>
      <dd data-kind={cellOf(value).kind}>{wholeText(value)}</dd>
      {change === 'changed' && <dd className={classes.old}>was {wholeText(old)}</dd>}
    </div>
  );
}

function wholeText(value: unknown): string {
  const { kind, text } = cellOf(value);
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'object' && value !== null && isReason(value)) return `${value.message}\n${value.remedy}`;
  return kind === 'list' || kind === 'object' ? JSON.stringify(value, null, 2) : text;
}
