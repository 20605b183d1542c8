import { IconPlus, IconTrash } from '@tabler/icons-react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import { countOf, formatCount } from '../ui/format.ts';
import { useCanvas, useRun, useUi } from './CanvasContext.tsx';
import classes from './FlowEdge.module.css';
import type { EdgeElement } from './flow-elements.ts';
import { selectionOf } from './selection.ts';

/** An edge with the count of records that went along it, and a + in its middle while it is hovered or selected. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<EdgeElement>) {
  const { id, source, target, sourceHandleId, selected, data } = props;
  const { ui, documents, commands } = useCanvas();
  const hovered = useUi((state) => state.hoveredEdge === id);
  const inLoop = useUi((state) => followsLoop(state.loop, source, target));
  const count = useRun((state) => state.steps[source]?.out[sourceHandleId ?? '']);
  const status = useRun((state) => state.steps[source]?.status);
  const readOnly = documents.getState().readOnly;
  const [path, middleX, middleY] = getBezierPath(props);
  // Among the names of outputs there is no room for it: it stands nearer the end then, above the line.
  const isAside = data?.amongNames === true;
  const labelX = isAside ? middleX + (props.targetX - middleX) * 0.25 : middleX;
  const labelY = isAside ? middleY + (props.targetY - middleY) * 0.35 - 13 : middleY;
  const tools = (hovered || selected) && !readOnly;
  const shown = count !== undefined && (count > 0 || status === 'succeeded' || status === 'running');
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={22}
        className={classes.edge ?? ''}
        data-selected={selected || undefined}
        data-loop={inLoop || undefined}
        data-flowing={status === 'running' || undefined}
      />
      {(tools || shown) && data && (
        <EdgeLabelRenderer>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keeps the tools shown while the pointer is on them */}
          <div
            className={`${classes.label} nodrag nopan`}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
            onMouseEnter={() => ui.setState({ hoveredEdge: id })}
            onMouseLeave={() => ui.setState({ hoveredEdge: undefined })}
          >
            {shown && (
              <span className={classes.count} title={countOf(count, 'record')}>
                {formatCount(count)}
              </span>
            )}
            {tools && (
              <>
                <button
                  type="button"
                  className={classes.tool}
                  aria-label="Insert a step here"
                  onClick={(event) => {
                    const { right, top } = event.currentTarget.getBoundingClientRect();
                    ui.setState({ picker: { intent: { kind: 'on-edge', edge: data.edge }, x: right + 6, y: top } });
                  }}
                >
                  <IconPlus size={14} aria-hidden />
                </button>
                <button
                  type="button"
                  className={classes.tool}
                  aria-label="Delete this edge"
                  onClick={() => {
                    documents.getState().select(selectionOf({ edges: [id] }));
                    commands.remove();
                  }}
                >
                  <IconTrash size={13} aria-hidden />
                </button>
              </>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function followsLoop(loop: readonly string[], source: string, target: string): boolean {
  const at = loop.indexOf(source);
  return at >= 0 && loop[(at + 1) % loop.length] === target;
}
