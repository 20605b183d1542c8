import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './SessionFrame.module.css';

/** The page before anyone is signed in: one card in the middle. */
export function SessionFrame({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <Center component="main" className={classes.page}>
      <Stack align="center" gap="lg" w="100%" maw={400}>
        <div className={classes.brand}>
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <Text fw={600} size="xl">
            Sluice
          </Text>
        </div>
        <Paper withBorder p="xl" w="100%" radius="lg" className={classes.card}>
          <Stack gap="md">
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {lead && (
                <Text size="sm" c="dimmed" mt={4}>
                  {lead}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
