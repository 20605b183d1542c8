import { Anchor, Loader, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { countOf, formatBytes, formatCount } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { spaceQuery } from './queries.ts';

/** Workflows that are listed. */
const SHOWN = 10;

/** What runs take up now, and what goes next. */
export function SpaceUse() {
  const space = useQuery(spaceQuery);
  if (space.isPending) return <Loader size="sm" aria-label="Adding up what runs take up" />;
  if (!space.data) {
    const retry = () => void space.refetch();
    return <ProblemNotice title="What runs take up could not be added up" error={space.error} onRetry={retry} />;
  }
  const { runs, bytes, overdue, workflows } = space.data;
  const more = workflows.length - SHOWN;
  return (
    <Stack gap="xs" maw={640}>
      <Title order={3} size="h5">
        Taken up now
      </Title>
      <Text size="sm">
        {countOf(runs, 'run')}, {formatBytes(bytes)}.{' '}
        {overdue.runs > 0
          ? `${countOf(overdue.runs, 'run')} with ${formatBytes(overdue.bytes)} will be removed within the hour.`
          : 'Nothing is over the limits.'}
      </Text>
      {workflows.length > 0 && (
        <Table verticalSpacing={6} aria-label="Space by workflow">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Workflow</Table.Th>
              <Table.Th ta="right">Runs</Table.Th>
              <Table.Th ta="right">Space</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {workflows.slice(0, SHOWN).map((workflow) => (
              <Table.Tr key={workflow.id}>
                <Table.Td>
                  {workflow.name === undefined ? (
                    <Text size="sm">{workflow.id} (not there any more)</Text>
                  ) : (
                    <Anchor component={Link} to={`/workflows/${workflow.id}/runs`} size="sm">
                      {workflow.name}
                    </Anchor>
                  )}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formatCount(workflow.runs)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formatBytes(workflow.bytes)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {more > 0 && (
        <Text size="xs" c="dimmed">
          and {countOf(more, 'more workflow')} with less
        </Text>
      )}
    </Stack>
  );
}
