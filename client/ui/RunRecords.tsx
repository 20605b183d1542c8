import { Center, Loader } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { type RecordsAt, recordsQuery } from '../api/queries.ts';
import { DataTable, type DataTableProps } from './DataTable.tsx';
import { ProblemNotice } from './ProblemNotice.tsx';

const pageSize = 200;

interface Props extends Pick<DataTableProps, 'label' | 'columns' | 'selected' | 'empty'> {
  readonly at: RecordsAt;
  readonly onSelect?: (position: number, record: DataRecord | undefined) => void;
}

/** The records at a port of a step of a run, paged by position as they come into view. */
export function RunRecords({ at, onSelect, ...rest }: Props) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const opening = useQuery(recordsQuery(at, 0, pageSize));
  const firstPage = Math.floor(range.first / pageSize);
  const lastPage = Math.floor(range.last / pageSize);
  const pages = useQueries({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, index) =>
      recordsQuery(at, (firstPage + index) * pageSize, pageSize),
    ),
  });
  const onVisible = useCallback((first: number, last: number) => setRange({ first, last }), []);

  if (opening.isPending) {
    return (
      <Center h="100%" p="md">
        <Loader size="sm" aria-label="Loading records" />
      </Center>
    );
  }
  const failed = opening.error ?? pages.find((page) => page.error)?.error;
  if (failed) {
    const retry = () => void (opening.error ? opening.refetch() : pages.forEach((page) => void page.refetch()));
    return <ProblemNotice title="The records could not be loaded" error={failed} onRetry={retry} />;
  }
  const recordAt = (position: number) => {
    const page = Math.floor(position / pageSize);
    const records = page === 0 ? opening.data?.records : pages[page - firstPage]?.data?.records;
    return records?.[position - page * pageSize];
  };
  return (
    <DataTable
      {...rest}
      total={opening.data?.total ?? 0}
      recordAt={recordAt}
      onVisible={onVisible}
      {...(onSelect ? { onSelect: (position: number) => onSelect(position, recordAt(position)) } : {})}
    />
  );
}
