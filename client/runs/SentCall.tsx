import { Table, Text } from '@mantine/core';
import type { StepView } from '../../spec/api/run.ts';
import { countOf } from '../ui/format.ts';
import classes from './SentCall.module.css';

type Sent = NonNullable<NonNullable<StepView['wait']>['sent']>;

/** Columns of the records that are shown; the run page has them all. */
const COLUMNS = 6;

/** What a call in doubt was about to send: settings as they came out, and its first records. Secrets are left out. */
export function SentCall({ sent }: { sent: Sent }) {
  const { params, records, count } = sent;
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const shown = columns.slice(0, COLUMNS);
  const more = count - records.length;
  return (
    <div className={classes.sent}>
      <Text size="sm" fw={600}>
        What was to be sent
      </Text>
      <dl className={classes.params}>
        {params.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{linesOf(value)}</dd>
          </div>
        ))}
      </dl>
      {shown.length > 0 && (
        <div className={classes.records}>
          <Table fz="xs" verticalSpacing={3} withRowBorders={false} aria-label="Records of the call">
            <Table.Thead>
              <Table.Tr>
                {shown.map((column) => (
                  <Table.Th key={column}>{column}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.map((record) => (
                <Table.Tr key={JSON.stringify(record)}>
                  {shown.map((column) => (
                    <Table.Td key={column} className={classes.cell ?? ''}>
                      {textOf(record[column])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {(more > 0 || columns.length > COLUMNS) && (
        <Text size="xs" c="dimmed">
          {[
            more > 0 ? `and ${countOf(more, 'more record')}` : '',
            columns.length > COLUMNS ? `${countOf(columns.length - COLUMNS, 'more column')} on the run page` : '',
          ]
            .filter((part) => part !== '')
            .join(', ')}
        </Text>
      )}
    </div>
  );
}

/** Headers, fields and the like stand one below the other. */
function linesOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return textOf(value);
  return Object.entries(value)
    .map(([name, entry]) => `${name}: ${textOf(entry)}`)
    .join('\n');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
