import { Button, Tabs, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBolt, IconFlaskOff, IconMail, IconRestore } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { useRunEvents } from '../api/use-run-events.ts';
import { isOver } from '../runs/run-words.ts';
import { useMay } from '../session/use-may.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { FaultsTab } from './FaultsTab.tsx';
import { MailTab } from './MailTab.tsx';
import classes from './PracticePage.module.css';
import { practiceApi } from './practice-api.ts';
import { practiceKey } from './queries.ts';
import { SalesforceTab } from './SalesforceTab.tsx';
import { SlackTab } from './SlackTab.tsx';

const tabs: readonly { value: string; label: string; icon: ReactNode; content: ReactNode }[] = [
  {
    value: 'salesforce',
    label: 'Salesforce',
    icon: <ConnectorIcon connector="salesforce" size={18} />,
    content: <SalesforceTab />,
  },
  { value: 'slack', label: 'Slack', icon: <ConnectorIcon connector="slack" size={18} />, content: <SlackTab /> },
  { value: 'mail', label: 'Mail', icon: <IconMail size={18} aria-hidden />, content: <MailTab /> },
  { value: 'faults', label: 'Faults', icon: <IconBolt size={18} aria-hidden />, content: <FaultsTab /> },
];

/** What is in the practice services: Salesforce records to edit, Slack messages and mails to read, faults to set. */
export function PracticePage() {
  const { tab = 'salesforce' } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: practiceKey });
  useRunEvents((event) => event.kind === 'run' && isOver(event.run) && refresh(), refresh);
  const practice = useQuery({
    queryKey: ['practice', 'services'],
    queryFn: ({ signal }) => call(routes.getPractice, {}, { signal }),
  });
  const chosen = tabs.find(({ value }) => value === tab) ?? tabs[0];
  return (
    <Page
      height="full"
      title="Practice"
      lead="Services that behave like the real ones, on this computer only. Credentials that are set to practice connect here."
      actions={practice.data?.running !== false && <ResetButton />}
    >
      {practice.data?.running === false ? (
        <EmptyState icon={<IconFlaskOff size={24} />} title="The practice services are not running">
          They come with the server. Whoever looks after this installation has turned them off.
        </EmptyState>
      ) : (
        <Tabs
          value={chosen?.value ?? null}
          onChange={(value) => void navigate(`/practice/${value ?? ''}`)}
          className={classes.tabs ?? ''}
          keepMounted={false}
        >
          <Tabs.List>
            {tabs.map(({ value, label, icon }) => (
              <Tabs.Tab key={value} value={value} leftSection={icon}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ value, content }) => (
            <Tabs.Panel key={value} value={value} pt="md" className={classes.panel ?? ''}>
              {content}
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Page>
  );
}

function ResetButton() {
  const client = useQueryClient();
  const mayEdit = useMay()('practice.edit');
  const [asking, setAsking] = useState(false);
  const reset = useMutation({
    mutationFn: practiceApi.reset,
    onSuccess: () => {
      setAsking(false);
      notifications.show({ message: 'The practice services are as on their first day.' });
    },
    onSettled: () => client.invalidateQueries({ queryKey: practiceKey }),
  });
  if (!mayEdit) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconRestore size={17} aria-hidden />} onClick={() => setAsking(true)}>
        Reset
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Reset the practice services?"
        action="Reset"
        busy={reset.isPending}
        error={reset.error}
        onConfirm={() => reset.mutate()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">
          All records become what they were on the first day, all messages and mails are deleted, and all faults are
          turned off. Workflows, runs and the warehouse stay as they are.
        </Text>
      </ConfirmDialog>
    </>
  );
}
