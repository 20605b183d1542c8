import { Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { readinessQuery } from '../api/queries.ts';
import classes from './Shell.module.css';

/** Says above every page, for as long as it is so, that the server can take nothing on since its disk fails. */
export function ServerTrouble() {
  const { data: trouble } = useQuery(readinessQuery);
  if (!trouble?.code.startsWith('disk-')) return null;
  return (
    <div className={classes.trouble} role="alert">
      <IconAlertCircle size={18} aria-hidden />
      <Text size="sm">
        <strong>{trouble.message}</strong> {trouble.remedy}
      </Text>
    </div>
  );
}
