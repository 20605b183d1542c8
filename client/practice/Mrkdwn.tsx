import type { ReactNode } from 'react';
import { type Mark, parseMrkdwn } from './mrkdwn.ts';
import classes from './Slack.module.css';

export function Mrkdwn({ text }: { text: string }) {
  return <span className={classes.text}>{shown(parseMrkdwn(text))}</span>;
}

function shown(marks: readonly Mark[]): ReactNode {
  return marks.map((mark, position) => {
    const key = `${position} ${mark.kind}`;
    switch (mark.kind) {
      case 'text':
        return <span key={key}>{mark.text}</span>;
      case 'code':
        return <code key={key}>{mark.text}</code>;
      case 'pre':
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
          <pre key={key} tabIndex={0}>
            {mark.text}
          </pre>
        );
      case 'mention':
        return (
          <span key={key} className={classes.mention}>
            {mark.text}
          </span>
        );
      case 'link':
        return (
          <a key={key} href={mark.href} target="_blank" rel="noreferrer">
            {mark.text}
          </a>
        );
      case 'bold':
        return <strong key={key}>{shown(mark.marks)}</strong>;
      case 'italic':
        return <em key={key}>{shown(mark.marks)}</em>;
      default:
        return <s key={key}>{shown(mark.marks)}</s>;
    }
  });
}
