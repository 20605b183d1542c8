import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { WorkflowSummary } from '../../spec/api/workflow.ts';
import { Ago } from '../ui/Ago.tsx';
import { PublicationBadge } from './PublicationBadge.tsx';
import { RunMarks } from './RunMarks.tsx';
import classes from './WorkflowList.module.css';
import { WorkflowMenu } from './WorkflowMenu.tsx';

interface Props {
  readonly workflows: readonly WorkflowSummary[];
  /** Ids in use, also of workflows that are not listed. */
  readonly taken: ReadonlySet<string>;
}

export function WorkflowList({ workflows, taken }: Props) {
  return (
    <div className={classes.frame}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th w={210}>State</Table.Th>
            <Table.Th w={170}>Last runs</Table.Th>
            <Table.Th w={150}>Next run</Table.Th>
            <Table.Th w={56}>
              <span className="visually-hidden">More</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {workflows.map((workflow) => (
            <Table.Tr key={workflow.id}>
              <Table.Td className={classes.name}>
                <Anchor component={Link} to={`/workflows/${workflow.id}`} fw={600} c="var(--mantine-color-text)">
                  {workflow.name}
                </Anchor>
                {workflow.description && (
                  <Text size="sm" c="dimmed" truncate title={workflow.description}>
                    {workflow.description}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <PublicationBadge workflow={workflow} />
              </Table.Td>
              <Table.Td>
                <RunMarks runs={workflow.lastRuns} />
              </Table.Td>
              <Table.Td>
                <Text
                  size="sm"
                  c={workflow.nextRunAt === undefined ? 'dimmed' : 'var(--mantine-color-text)'}
                  component="span"
                >
                  {workflow.nextRunAt === undefined ? 'None planned' : <Ago at={workflow.nextRunAt} />}
                </Text>
              </Table.Td>
              <Table.Td>
                <WorkflowMenu workflow={workflow} taken={taken} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
