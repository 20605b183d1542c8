import { Badge, Center, Loader, SegmentedControl, Text } from '@mantine/core';
import { DataTable } from '../ui/DataTable.tsx';
import { countOf } from '../ui/format.ts';
import { RunRecords } from '../ui/RunRecords.tsx';
import { usePanelData } from './data/PanelData.tsx';
import classes from './NodePanel.module.css';

/** What comes in, as a table; a click on a row makes it the sample row of all previews. */
export function IncomingPane() {
  const { incoming, source, position, chooseSource, chooseRow } = usePanelData();
  const data = source?.data;
  return (
    <section className={classes.pane} aria-label="What comes in">
      <div className={classes.paneHead}>
        <h3 className={classes.paneTitle}>What comes in</h3>
        {data && data.total > 0 && (
          <Text size="xs" c="dimmed">
            {countOf(data.total, 'record')}
            {data.from === 'sample' && (
              <Badge size="xs" ms={6} variant="light">
                Sample
              </Badge>
            )}
          </Text>
        )}
      </div>
      {incoming.length > 1 && (
        <SegmentedControl
          mx="sm"
          mb={8}
          size="xs"
          aria-label="Step that the records come from"
          data={incoming.map((entry, index) => ({
            value: String(index),
            label: entry.port ? `${entry.port}: ${entry.data.name}` : entry.data.name,
          }))}
          value={String(Math.max(0, source ? incoming.indexOf(source) : 0))}
          onChange={(value) => chooseSource(Number(value))}
        />
      )}
      <div className={classes.table}>
        {data?.loading && (
          <Center h="100%">
            <Loader size="sm" aria-label="Loading records" />
          </Center>
        )}
        {data && !data.loading && data.at && (
          <RunRecords label="Records that come in" at={data.at} selected={position} onSelect={chooseRow} />
        )}
        {data && !data.loading && !data.at && data.records.length > 0 && (
          <DataTable
            label="Records that come in"
            total={data.records.length}
            recordAt={(at) => data.records[at]}
            selected={position}
            onSelect={chooseRow}
          />
        )}
        {(!data || (!data.loading && data.from === 'nothing')) && (
          <Text size="sm" c="dimmed" p="md">
            {data
              ? `"${data.name}" has not run yet. Run it, or the whole workflow, to see its records here.`
              : 'No step leads into this one yet.'}
          </Text>
        )}
      </div>
    </section>
  );
}
