import { Avatar } from '@mantine/core';
import { isRecord } from '../../spec/workflow/record.ts';
import { formatDateTime, formatTime } from '../ui/format.ts';
import { MessageBlock } from './MessageBlock.tsx';
import { Mrkdwn } from './Mrkdwn.tsx';
import type { PracticeMessage } from './practice-api.ts';
import classes from './Slack.module.css';

export function SlackMessage({ message }: { message: PracticeMessage }) {
  const at = Number(message.ts) * 1000;
  const who = message.userName ?? message.username ?? message.user;
  const blocks = message.blocks ?? [];
  return (
    <li className={classes.message}>
      <Avatar
        name={who.replaceAll(/[^\p{L}\p{N} ]/gu, '')}
        radius="md"
        size={36}
        color="water"
        variant="filled"
        aria-hidden
      />
      <div className={classes.body}>
        <div className={classes.by}>
          <strong>{who}</strong>
          <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
            {formatTime(at)}
          </time>
        </div>
        {blocks.length > 0 ? (
          blocks.map((block, position) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a message that was sent never changes
            <MessageBlock key={position} block={block} />
          ))
        ) : (
          <Mrkdwn text={message.text} />
        )}
        {(message.attachments ?? []).filter(isRecord).map((attachment, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={position} className={classes.attachment}>
            {Array.isArray(attachment.blocks) ? (
              attachment.blocks.map((block, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <MessageBlock key={place} block={block} />
              ))
            ) : (
              <Mrkdwn text={String(attachment.text ?? attachment.fallback ?? '')} />
            )}
          </div>
        ))}
        {(message.files ?? []).filter(isRecord).map((file) => (
          <div key={String(file.id)} className={classes.attachment}>
            File: {String(file.title ?? file.name ?? '')}
          </div>
        ))}
        {message.replies && message.replies.length > 0 && (
          <ul className={classes.thread} aria-label="Replies">
            {message.replies.map((reply) => (
              <SlackMessage key={reply.ts} message={reply} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
