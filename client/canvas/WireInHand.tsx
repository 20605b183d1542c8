import { type ConnectionLineComponentProps, EdgeLabelRenderer, getBezierPath, useStore } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { useCanvas } from './CanvasContext.tsx';
import { edgeOfConnection } from './connection.ts';
import type { CanvasElement } from './flow-elements.ts';
import classes from './WireInHand.module.css';

/** The wire while it is drawn: red where it cannot end, with the reason beside the pointer and the loop that it would close. */
export function WireInHand(props: ConnectionLineComponentProps<CanvasElement>) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, fromHandle, toHandle } = props;
  const { documents, types, ui, refusals } = useCanvas();
  const edge = edgeOfConnection(fromHandle, toHandle, documents.getState().document, types);
  const zoom = useStore((state) => state.transform[2]);
  const key = edge && JSON.stringify(edge);
  const refusal = useMemo(
    () => (key ? refusals.of(documents.getState().document, JSON.parse(key)) : undefined),
    [key, documents, refusals],
  );
  useEffect(() => {
    ui.setState({ loop: refusal?.loop ?? [] });
    if (refusal) documents.getState().say(refusal.message);
  }, [refusal, ui, documents]);
  useEffect(() => () => ui.setState({ loop: [] }), [ui]);
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
  });
  return (
    <>
      <path d={path} className={classes.wire} data-refused={refusal !== undefined || undefined} />
      {refusal && (
        <EdgeLabelRenderer>
          <div
            className={classes.reason}
            style={{ transform: `translate(${toX}px, ${toY}px) scale(${1 / zoom}) translate(18px, 18px)` }}
          >
            {refusal.message}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
