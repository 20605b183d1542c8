import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import classes from './FrameCard.module.css';
import type { FrameElement } from './flow-elements.ts';

/** Drawn around a container and the steps that it repeats. */
export const FrameCard = memo(function FrameCard({ data }: NodeProps<FrameElement>) {
  return (
    <div className={classes.frame}>
      <span className={classes.name}>{data.name}</span>
    </div>
  );
});
