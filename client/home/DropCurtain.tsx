import { Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import classes from './DropCurtain.module.css';

/** Shown while a file is held over the page. */
export function DropCurtain() {
  return (
    <div className={classes.curtain} aria-hidden>
      <div className={classes.frame}>
        <IconFileImport size={36} />
        <Text fw={600}>Drop to import the workflow</Text>
      </div>
    </div>
  );
}
