import { Center, Loader, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatDateTime, formatTime } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { runLogQuery } from './queries.ts';
import classes from './StepLog.module.css';

const words = { info: 'Note', warn: 'Warning', error: 'Error' } as const;

/** What the step logged, or the whole run. */
export function StepLog({ run, node }: { run: string; node: string }) {
  const log = useQuery(runLogQuery(run));
  const [scope, setScope] = useState('step');
  if (log.isPending) {
    return (
      <Center p="xl">
        <Loader size="sm" aria-label="Loading the log" />
      </Center>
    );
  }
  if (!log.data) {
    return <ProblemNotice title="The log could not be loaded" error={log.error} onRetry={() => void log.refetch()} />;
  }
  const lines = scope === 'run' ? log.data : log.data.filter((line) => line.node === node);
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Lines of"
          data={[
            { value: 'step', label: 'This step' },
            { value: 'run', label: 'The whole run' },
          ]}
          value={scope}
          onChange={setScope}
        />
      </div>
      {lines.length === 0 ? (
        <Center p="xl">
          <Text size="sm" c="dimmed">
            {scope === 'step' ? 'This step logged nothing.' : 'Nothing was logged.'}
          </Text>
        </Center>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        <ol className={classes.lines} tabIndex={0} aria-label="Log">
          {lines.map((line, position) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
            <li key={position} data-level={line.level}>
              <time dateTime={new Date(line.at).toISOString()} title={formatDateTime(line.at)}>
                {formatTime(line.at)}
              </time>
              <span className={classes.level}>{words[line.level]}</span>
              <span className={classes.message}>
                {scope === 'run' && line.node !== '' && <strong>{line.node}: </strong>}
                {line.message}
                {line.data !== undefined && <code>{JSON.stringify(line.data)}</code>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
