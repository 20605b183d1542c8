import { Button, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { useMay } from '../session/use-may.ts';
import { formatCount } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import panes from './Panes.module.css';
import { PracticeRecordDrawer } from './PracticeRecordDrawer.tsx';
import { PracticeRecordTable } from './PracticeRecordTable.tsx';
import type { PracticeObject } from './practice-api.ts';
import { objectsQuery } from './queries.ts';

/** The practice org: its objects at the left, the records of one at the right. */
export function SalesforceTab() {
  const objects = useQuery(objectsQuery);
  const [search, setSearch] = useSearchParams();
  const object = objects.data?.find(({ name }) => name === search.get('object')) ?? objects.data?.[0];
  if (objects.error) {
    return (
      <ProblemNotice
        title="The practice Salesforce could not be shown"
        error={objects.error}
        onRetry={() => void objects.refetch()}
      />
    );
  }
  return (
    <div className={panes.panes}>
      <nav className={panes.side} aria-label="Objects">
        {objects.data?.map((one) => (
          <button
            key={one.name}
            type="button"
            className={panes.choice}
            aria-current={one.name === object?.name || undefined}
            onClick={() => setSearch({ object: one.name }, { replace: true })}
          >
            <span className={panes.label}>{one.labelPlural}</span>
            <span className={panes.count}>{formatCount(one.count)}</span>
          </button>
        ))}
      </nav>
      {object && <Records key={object.name} object={object} />}
    </div>
  );
}

/** What the drawer holds: a record, or a new one. */
type Edited = { readonly record: DataRecord } | 'new';

function Records({ object }: { object: PracticeObject }) {
  const mayEdit = useMay()('practice.edit') && object.editable;
  const [typed, setTyped] = useState('');
  const [term] = useDebouncedValue(typed.trim(), 250);
  const [edited, setEdited] = useState<Edited>();
  return (
    <section className={panes.main} aria-label={object.labelPlural}>
      <header className={panes.head}>
        <Text fw={600} span>
          {object.labelPlural}
        </Text>
        {!object.editable && (
          <Text size="sm" c="dimmed" span>
            can be read only
          </Text>
        )}
        <TextInput
          type="search"
          size="xs"
          w={220}
          ms="auto"
          aria-label={`Search ${object.labelPlural}`}
          placeholder="Search names, e-mail, ids"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {mayEdit && (
          <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setEdited('new')}>
            New {object.label.toLowerCase()}
          </Button>
        )}
      </header>
      <PracticeRecordTable key={term} object={object} search={term} onOpen={(record) => setEdited({ record })} />
      <PracticeRecordDrawer
        object={object}
        record={typeof edited === 'object' ? edited.record : undefined}
        opened={edited !== undefined}
        mayEdit={mayEdit}
        onClose={() => setEdited(undefined)}
      />
    </section>
  );
}
