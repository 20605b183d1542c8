import { Center, Loader, Text } from '@mantine/core';
import { IconMail, IconPaperclip } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import classes from './Mail.module.css';
import { MailReader } from './MailReader.tsx';
import panes from './Panes.module.css';
import { mailsQuery } from './queries.ts';

/** The practice inbox: every mail that workflows sent, to whomever. */
export function MailTab() {
  const mails = useQuery(mailsQuery);
  const [search, setSearch] = useSearchParams();
  if (mails.error) {
    return (
      <ProblemNotice
        title="The practice inbox could not be shown"
        error={mails.error}
        onRetry={() => void mails.refetch()}
      />
    );
  }
  if (!mails.data) {
    return (
      <Center p="xl">
        <Loader aria-label="Loading mails" />
      </Center>
    );
  }
  const list = mails.data.mails;
  if (list.length === 0) {
    return (
      <EmptyState icon={<IconMail size={24} />} title="No mails yet">
        Mails that workflows send with the practice account turn up here. None of them leaves this computer.
      </EmptyState>
    );
  }
  const chosen = list.find(({ id }) => String(id) === search.get('mail')) ?? list[0];
  return (
    <div className={panes.panes} data-wide-side>
      <nav className={panes.side} aria-label="Mails">
        {list.map((mail) => (
          <button
            key={mail.id}
            type="button"
            className={panes.choice}
            data-stacked
            aria-current={mail.id === chosen?.id || undefined}
            onClick={() => setSearch({ mail: String(mail.id) }, { replace: true })}
          >
            <span className={classes.line}>
              <span className={panes.label}>{mail.recipients.join(', ')}</span>
              <span className={panes.count}>
                <Ago at={mail.receivedAt} />
              </span>
            </span>
            <span className={classes.line}>
              <Text size="sm" span className={panes.label ?? ''}>
                {mail.subject || 'No subject'}
              </Text>
              {mail.attachments > 0 && <IconPaperclip size={14} aria-label="With attachments" />}
            </span>
          </button>
        ))}
      </nav>
      {chosen && <MailReader key={chosen.id} id={chosen.id} />}
    </div>
  );
}
