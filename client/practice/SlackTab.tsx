import { Center, Loader, Text } from '@mantine/core';
import { IconHash, IconLock, IconMessage } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState } from '../ui/EmptyState.tsx';
import { formatCount } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import panes from './Panes.module.css';
import { channelsQuery, messagesQuery } from './queries.ts';
import classes from './Slack.module.css';
import { SlackMessage } from './SlackMessage.tsx';

/** The practice workspace: channels at the left, the chat of one at the right. */
export function SlackTab() {
  const channels = useQuery(channelsQuery);
  const [search, setSearch] = useSearchParams();
  const asked = search.get('channel');
  const busiest = channels.data?.toSorted((a, b) => b.messages - a.messages)[0];
  const channel = channels.data?.find(({ name }) => name === asked) ?? busiest;
  if (channels.error) {
    return (
      <ProblemNotice
        title="The practice Slack could not be shown"
        error={channels.error}
        onRetry={() => void channels.refetch()}
      />
    );
  }
  return (
    <div className={panes.panes}>
      <nav className={panes.side} aria-label="Channels">
        {channels.data?.map((one) => (
          <button
            key={one.id}
            type="button"
            className={panes.choice}
            aria-current={one.id === channel?.id || undefined}
            onClick={() => setSearch({ channel: one.name }, { replace: true })}
          >
            {one.isPrivate ? <IconLock size={15} aria-hidden /> : <IconHash size={15} aria-hidden />}
            <span className={panes.label}>{one.name}</span>
            <span className={panes.count}>{one.messages > 0 ? formatCount(one.messages) : ''}</span>
          </button>
        ))}
      </nav>
      <section className={panes.main} aria-label={channel ? `Messages in ${channel.name}` : 'Messages'}>
        {channel && (
          <>
            <header className={panes.head}>
              <Text fw={600} span>
                #{channel.name}
              </Text>
              <Text size="sm" c="dimmed" span>
                {channel.purpose}
              </Text>
            </header>
            <Messages key={channel.id} channel={channel.id} />
          </>
        )}
      </section>
    </div>
  );
}

function Messages({ channel }: { channel: string }) {
  const messages = useQuery(messagesQuery(channel));
  const list = useRef<HTMLUListElement>(null);
  const newest = messages.data?.[0]?.ts;
  useEffect(() => {
    if (newest !== undefined && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [newest]);
  if (messages.error) return <ProblemNotice title="The messages could not be loaded" error={messages.error} />;
  if (!messages.data) {
    return (
      <Center p="xl">
        <Loader size="sm" aria-label="Loading messages" />
      </Center>
    );
  }
  if (messages.data.length === 0) {
    return (
      <EmptyState icon={<IconMessage size={24} />} title="No messages yet">
        What workflows post to this channel turns up here.
      </EmptyState>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <ul ref={list} className={classes.messages} tabIndex={0} aria-label="Messages">
      {messages.data.toReversed().map((message) => (
        <SlackMessage key={message.ts} message={message} />
      ))}
    </ul>
  );
}
