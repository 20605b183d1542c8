import { Anchor, Center, Loader, SegmentedControl, Title } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes, formatDateTime } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import classes from './Mail.module.css';
import panes from './Panes.module.css';
import type { Mail } from './practice-api.ts';
import { mailQuery } from './queries.ts';

/** One mail. Its HTML is shown in a frame of its own in which no script runs. */
export function MailReader({ id }: { id: number }) {
  const mail = useQuery(mailQuery(id));
  const [view, setView] = useState('html');
  if (mail.error) return <ProblemNotice title="The mail could not be opened" error={mail.error} />;
  if (!mail.data) {
    return (
      <Center p="xl">
        <Loader size="sm" aria-label="Loading the mail" />
      </Center>
    );
  }
  const { subject, from, to, cc, recipients, receivedAt, text, html, attachments } = mail.data;
  const hidden = recipients.filter((address) => !`${to} ${cc}`.toLowerCase().includes(address.toLowerCase()));
  const asHtml = html !== '' && (view === 'html' || text === '');
  return (
    <section className={panes.main} aria-label="Mail">
      <header className={classes.head}>
        <Title order={2} size="h4">
          {subject || 'No subject'}
        </Title>
        <dl className={classes.facts}>
          <Fact name="From" value={from} />
          <Fact name="To" value={to} />
          <Fact name="Copy" value={cc} />
          <Fact name="Blind copy" value={hidden.join(', ')} />
          <Fact name="Received" value={formatDateTime(receivedAt)} />
        </dl>
        {html !== '' && text !== '' && (
          <SegmentedControl
            size="xs"
            aria-label="Show the mail as"
            data={[
              { value: 'html', label: 'Formatted' },
              { value: 'text', label: 'Text only' },
            ]}
            value={view}
            onChange={setView}
          />
        )}
        {attachments.length > 0 && (
          <div className={classes.attachments}>
            {attachments.map((attachment) => (
              <Anchor
                key={`${attachment.filename} ${attachment.size}`}
                size="sm"
                href={addressOf(attachment)}
                download={attachment.filename}
              >
                <IconPaperclip size={14} aria-hidden /> {attachment.filename} ({formatBytes(attachment.size)})
              </Anchor>
            ))}
          </div>
        )}
      </header>
      {asHtml ? (
        <iframe className={classes.html} title="Text of the mail" sandbox="" srcDoc={html} />
      ) : (
        <pre className={classes.text}>{text}</pre>
      )}
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  if (value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** Always as plain bytes, so that an attached page is saved and never opened as one of ours. */
function addressOf({ content }: Mail['attachments'][number]): string {
  return `data:application/octet-stream;base64,${content}`;
}
