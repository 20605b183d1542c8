import { Button, Group, Text } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { runStatuses, stepStatuses } from '../../spec/api/run.ts';
import { ProblemError } from '../api/problem-error.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { brandMarks, lineIcons } from '../ui/connector-marks.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { GallerySection } from './GallerySection.tsx';

const statuses = [...new Set([...runStatuses, ...stepStatuses, 'warning' as const])];

const refused = new ProblemError({
  status: 422,
  code: 'invalid-workflow',
  message: 'The workflow cannot be published yet.',
  remedy: 'Fill in what is missing, then publish again.',
  problems: [
    {
      code: 'missing-param',
      message: '"Write to Salesforce" has no object.',
      remedy: 'Choose the Salesforce object that it writes to.',
      nodeIds: ['push'],
      path: ['nodes', 0, 'params', 'object'],
      stage: 'unfinished',
    },
  ],
});

export function GalleryBasics() {
  return (
    <>
      <GallerySection title="Status">
        <Group>
          {statuses.map((status) => (
            <StatusBadge key={status} status={status} />
          ))}
        </Group>
        <Group>
          {statuses.map((status) => (
            <StatusBadge key={status} status={status} compact />
          ))}
        </Group>
      </GallerySection>
      <GallerySection title="Icons">
        <Group>
          {[...Object.keys(brandMarks), ...Object.keys(lineIcons), 'unknown'].map((name) => (
            <Group key={name} gap={6} w={130}>
              <ConnectorIcon connector={name} type={name} />
              <Text size="xs">{name}</Text>
            </Group>
          ))}
        </Group>
      </GallerySection>
      <GallerySection title="Notices">
        <ProblemNotice title="Not published" error={refused} onRetry={() => undefined} />
        <EmptyState
          icon={<IconInbox size={24} />}
          title="Nothing needs you"
          action={<Button variant="default">See the runs</Button>}
        >
          Approvals, failed runs and records that were held back are listed here.
        </EmptyState>
      </GallerySection>
    </>
  );
}
