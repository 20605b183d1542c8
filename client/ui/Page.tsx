import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Page.module.css';
import { usePageTitle } from './use-page-title.ts';

interface Props {
  readonly title: string;
  /** What this page is for, in a sentence. */
  readonly lead?: ReactNode;
  /** Way back, above the title. */
  readonly back?: ReactNode;
  readonly actions?: ReactNode;
  /** `full`: as tall as the window, for pages whose parts scroll by themselves. */
  readonly height?: 'full';
  readonly children: ReactNode;
}

/** Heading, actions and content of a page in the frame. */
export function Page({ title, lead, back, actions, height, children }: Props) {
  usePageTitle(title);
  return (
    <div className={classes.page} data-height={height}>
      <header className={classes.head}>
        <div className={classes.words}>
          {back}
          <Title order={1} size="h2">
            {title}
          </Title>
          {lead && (
            <Text size="sm" c="dimmed" mt={2} component="div">
              {lead}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </header>
      {children}
    </div>
  );
}
