import { Text } from '@mantine/core';
import type { Preview } from '../data/preview.ts';
import classes from './PreviewLine.module.css';

/** What a field gives for the sample row. */
export function PreviewLine({ preview }: { preview: Preview }) {
  if (preview.kind === 'value') {
    return (
      <Text className={classes.line} title={preview.text} data-testid="preview">
        <span aria-hidden>= </span>
        <span className="visually-hidden">For the sample row: </span>
        {preview.text.length > 400 ? `${preview.text.slice(0, 400)}…` : preview.text}
      </Text>
    );
  }
  if (preview.kind === 'empty')
    return (
      <Text className={`${classes.line} ${classes.empty}`} data-testid="preview">
        empty for this row
      </Text>
    );
  if (preview.kind === 'no-data') {
    return (
      <Text className={`${classes.line} ${classes.empty}`} data-testid="preview">
        shown once the step before has run
      </Text>
    );
  }
  return (
    <Text className={`${classes.line} ${classes.problem}`} data-testid="preview">
      {preview.message} {preview.remedy}
    </Text>
  );
}
