import { Center, Group, Loader, Text } from '@mantine/core';
import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Profile } from '../../spec/api/profile.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { profileQuery, type RecordsAt, recordsQuery } from '../api/queries.ts';
import type { ColumnAbout } from './ColumnHead.tsx';
import { ColumnSummary } from './ColumnSummary.tsx';
import { noteOf } from './column-words.ts';
import { DataTable, type DataTableProps } from './DataTable.tsx';
import { countOf } from './format.ts';
import { ProblemNotice } from './ProblemNotice.tsx';

const pageSize = 200;
/** Records up to which columns are described unasked. */
const describedAtOnce = 20_000;

interface Props extends Pick<DataTableProps, 'label' | 'columns' | 'selected' | 'empty'> {
  readonly at: RecordsAt;
  /** Columns say what their values are like: at once where that is little work, else when somebody asks. */
  readonly isDescribed?: boolean;
  readonly onSelect?: (position: number, record: DataRecord | undefined) => void;
}

/** The records at a port of a step of a run, paged by position as they come into view. */
export function RunRecords({ at, onSelect, isDescribed = false, ...rest }: Props) {
  const [asked, setAsked] = useState(false);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const opening = useQuery(recordsQuery(at, 0, pageSize));
  const isSmall = opening.data !== undefined && opening.data.total <= describedAtOnce;
  const profile = useQuery({ ...profileQuery(at), enabled: isDescribed && (asked || isSmall) });
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
  const about = isDescribed ? aboutColumns(profile, opening.data?.total ?? 0, () => setAsked(true)) : undefined;
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
      about={about}
      onVisible={onVisible}
      {...(onSelect ? { onSelect: (position: number) => onSelect(position, recordAt(position)) } : {})}
    />
  );
}

function aboutColumns(profile: UseQueryResult<Profile>, total: number, onOpen: () => void): ColumnAbout {
  const { data } = profile;
  const columns = new Map(data?.columns.map((column) => [column.name, column]));
  return {
    onOpen,
    note: (name) => {
      const column = columns.get(name);
      return column && data && noteOf(column, data.total);
    },
    detail: (name) => {
      const column = columns.get(name);
      if (column && data) return <ColumnSummary column={column} total={data.total} />;
      if (profile.error) {
        return (
          <ProblemNotice
            title="The column could not be described"
            error={profile.error}
            onRetry={() => void profile.refetch()}
          />
        );
      }
      if (data) return <Text size="sm">There are too many columns to describe this one.</Text>;
      return (
        <Group gap="xs" wrap="nowrap" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm">Looking through {countOf(total, 'record')}</Text>
        </Group>
      );
    },
  };
}
