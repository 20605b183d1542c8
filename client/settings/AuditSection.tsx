import { Button, Center, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { formatDateTime } from '../ui/format.ts';
import { auditWords } from './audit-words.ts';
import { auditQuery } from './queries.ts';
import { Section } from './Section.tsx';
import classes from './Settings.module.css';

export function AuditSection() {
  const audit = useInfiniteQuery(auditQuery);
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Section
      title="Audit log"
      lead="Who changed what, the newest first. Nothing can be taken out of it."
      pending={audit.isPending}
      error={audit.data ? undefined : audit.error}
      onRetry={() => void audit.refetch()}
    >
      <div className={classes.frame}>
        <Table horizontalSpacing="md" verticalSpacing="xs" miw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={220}>When</Table.Th>
              <Table.Th w={180}>Who</Table.Th>
              <Table.Th>What</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td>
                  <Text size="sm" c="dimmed" className="tabular">
                    {formatDateTime(entry.at)}
                  </Text>
                </Table.Td>
                <Table.Td>{entry.who}</Table.Td>
                <Table.Td>
                  {auditWords(entry.action)}
                  {entry.target !== undefined && entry.target !== '' && (
                    <span className={classes.value}> {entry.target}</span>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {audit.hasNextPage && (
        <Center>
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            Show earlier entries
          </Button>
        </Center>
      )}
    </Section>
  );
}
