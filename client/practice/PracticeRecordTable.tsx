import { Center, Loader, Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import type { PracticeField, PracticeObject } from './practice-api.ts';
import { recordPageQuery } from './queries.ts';

const pageSize = 200;

interface Props {
  readonly object: PracticeObject;
  readonly search: string;
  readonly onOpen: (record: DataRecord) => void;
}

/** The records of an object, the newest first, fetched as they come into view. */
export function PracticeRecordTable({ object, search, onOpen }: Props) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const onVisible = useCallback((first: number, last: number) => setRange({ first, last }), []);
  const opening = useQuery(recordPageQuery(object.name, search, 0, pageSize));
  const firstPage = Math.floor(range.first / pageSize);
  const count = Math.floor(range.last / pageSize) - firstPage + 1;
  const pages = useQueries({
    queries: Array.from({ length: count }, (_, index) =>
      recordPageQuery(object.name, search, (firstPage + index) * pageSize, pageSize),
    ),
  });
  const columns = useMemo(() => columnOrder(opening.data?.fields ?? []), [opening.data?.fields]);
  if (opening.error) {
    return (
      <ProblemNotice
        title="The records could not be loaded"
        error={opening.error}
        onRetry={() => void opening.refetch()}
      />
    );
  }
  if (!opening.data) {
    return (
      <Center p="xl">
        <Loader size="sm" aria-label="Loading records" />
      </Center>
    );
  }
  const recordAt = (position: number) => {
    const page = Math.floor(position / pageSize);
    const records = page === 0 ? opening.data.records : pages[page - firstPage]?.data?.records;
    return records?.[position - page * pageSize];
  };
  return (
    <DataTable
      label={object.labelPlural}
      total={opening.data.total}
      columns={columns}
      recordAt={recordAt}
      onVisible={onVisible}
      onSelect={(position) => {
        const record = recordAt(position);
        if (record) onOpen(record);
      }}
      empty={
        <Text size="sm" c="dimmed">
          {search === '' ? 'No records' : `Nothing contains “${search}”`}
        </Text>
      }
    />
  );
}

const system = new Set([
  'IsDeleted',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
]);

/** Names first, then what people fill in, then what Salesforce keeps by itself. */
function columnOrder(fields: readonly PracticeField[]): string[] {
  const rank = ({ name }: PracticeField) => (name === 'Name' || name === 'Subject' ? 0 : system.has(name) ? 2 : 1);
  return fields.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}
