import { useComputedColorScheme } from '@mantine/core';
import { IconLayoutDistributeHorizontal, IconNote } from '@tabler/icons-react';
import {
  Background,
  type Connection,
  ControlButton,
  Controls,
  type EdgeChange,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, useCallback, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useCanvas, useDocument, useUi } from './CanvasContext.tsx';
import { cardWidth } from './card-size.ts';
import { edgeBetween } from './connection.ts';
import { carried } from './containers.ts';
import type { Place } from './edits.ts';
import classes from './FlowCanvas.module.css';
import { FlowEdge } from './FlowEdge.tsx';
import { FrameCard } from './FrameCard.tsx';
import { type CanvasElement, type EdgeElement, FlowElements } from './flow-elements.ts';
import { draggedType } from './palette-drag.ts';
import { StepCard } from './StepCard.tsx';
import { StickyCard } from './StickyCard.tsx';
import { useCanvasView } from './use-canvas-view.ts';
import { WireInHand } from './WireInHand.tsx';

const nodeTypes = { step: StepCard, sticky: StickyCard, frame: FrameCard };
const edgeTypes = { flow: FlowEdge };

/** The drawing itself: React Flow over the stores. Everything that it reports becomes a command or passing state. */
export function FlowCanvas() {
  const { documents, ui, types, commands } = useCanvas();
  const { document, selection, readOnly } = useStore(documents);
  const moving = useUi((state) => state.moving);
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow<CanvasElement, EdgeElement>();
  const view = useCanvasView();
  const elements = useRef<FlowElements>(null);
  elements.current ??= new FlowElements();
  const drawn = useMemo(() => ({ document, types, selection, moving }), [document, types, selection, moving]);
  const nodes = useMemo(() => elements.current?.nodes(drawn) ?? [], [drawn]);
  const edges = useMemo(() => elements.current?.edges(drawn) ?? [], [drawn]);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasElement>[]) => {
      const { select, selection: before } = documents.getState();
      const next = { nodes: new Set(before.nodes), edges: before.edges, stickies: new Set(before.stickies) };
      const dragged = new Map<string, Place>();
      let ended = false;
      for (const change of changes) {
        if (change.type === 'select') {
          const sticky = change.id.startsWith('sticky:');
          const set = sticky ? next.stickies : next.nodes;
          const id = sticky ? change.id.slice('sticky:'.length) : change.id;
          if (change.selected) set.add(id);
          else set.delete(id);
        }
        if (change.type === 'position' && change.position) {
          dragged.set(change.id, [change.position.x, change.position.y]);
          ended ||= change.dragging === false;
        }
      }
      select(next);
      const places = new Map([...ui.getState().moving, ...carried(documents.getState().document, dragged)]);
      if (ended) {
        commands.move(places);
        ui.setState({ moving: new Map() });
      } else if (places.size !== ui.getState().moving.size || changes.some((change) => change.type === 'position')) {
        ui.setState({ moving: places });
      }
    },
    [documents, ui, commands],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<EdgeElement>[]) => {
      const { select, selection: before } = documents.getState();
      const chosen = new Set(before.edges);
      for (const change of changes) {
        if (change.type !== 'select') continue;
        if (change.selected) chosen.add(change.id);
        else chosen.delete(change.id);
      }
      select({ ...before, edges: chosen });
    },
    [documents],
  );

  const toEdge = useCallback(
    ({ source, target, sourceHandle, targetHandle }: Connection | EdgeElement) =>
      edgeBetween(documents.getState().document, types, {
        from: source,
        output: sourceHandle ?? '',
        to: target,
        input: targetHandle ?? '',
      }),
    [documents, types],
  );

  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    if (state.toNode || !state.fromNode || !state.fromHandle || readOnly) return;
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!point) return;
    const { x, y } = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    const forward = state.fromHandle.type === 'source';
    const at: Place = [forward ? x : x - cardWidth, y - 39];
    const node = state.fromNode.id;
    const port = state.fromHandle.id ?? undefined;
    const first = forward
      ? toEdge({ source: node, target: node, sourceHandle: port ?? null, targetHandle: null })?.output
      : port;
    ui.setState({
      picker: {
        intent: forward ? { kind: 'after', node, output: first, at } : { kind: 'before', node, input: first, at },
        x: point.clientX,
        y: point.clientY,
      },
    });
  };

  const onDrop = (event: DragEvent) => {
    const type = types.get(draggedType(event) ?? '');
    if (!type) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    view.added(commands.add(type, { kind: 'add', at: [x - cardWidth / 2, y - 39] }, view.middle()));
  };

  return (
    <ReactFlow<CanvasElement, EdgeElement>
      className={classes.flow ?? ''}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      isValidConnection={(connection) => {
        const edge = toEdge(connection as Connection);
        return edge !== undefined && view.accepts(edge);
      }}
      onConnect={(connection) => {
        const edge = toEdge(connection);
        if (edge) commands.connect(edge);
      }}
      onConnectEnd={onConnectEnd}
      connectionLineComponent={WireInHand}
      connectionRadius={28}
      onEdgeMouseEnter={(_, edge) => ui.setState({ hoveredEdge: edge.id })}
      onEdgeMouseLeave={() => ui.setState({ hoveredEdge: undefined })}
      onPaneClick={() => ui.setState({ picker: undefined })}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDrop={onDrop}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      nodesFocusable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
      selectionKeyCode="Shift"
      selectionMode={SelectionMode.Partial}
      panOnScroll
      zoomOnDoubleClick={false}
      snapToGrid
      snapGrid={[4, 4]}
      minZoom={0.15}
      maxZoom={2}
      colorMode={scheme}
      onInit={() => view.open()}
      onlyRenderVisibleElements={document.nodes.length > 150}
      proOptions={{ hideAttribution: true }}
      disableKeyboardA11y
    >
      <Background gap={20} size={1.4} color="var(--sluice-dot)" />
      <Controls showInteractive={false} position="bottom-left" className={classes.controls ?? ''} aria-label="View">
        <ControlButton
          title="Lay out (Shift+L)"
          aria-label="Lay out"
          disabled={readOnly}
          onClick={() => void view.arrange()}
        >
          <IconLayoutDistributeHorizontal size={16} />
        </ControlButton>
        <ControlButton
          title="Add a note (Shift+S)"
          aria-label="Add a note"
          disabled={readOnly}
          onClick={() => view.addNote()}
        >
          <IconNote size={16} />
        </ControlButton>
      </Controls>
      {document.nodes.length > 8 && (
        <MiniMap
          pannable
          zoomable
          className={classes.minimap ?? ''}
          ariaLabel="Map of the workflow"
          nodeStrokeWidth={0}
          nodeColor="var(--sluice-line-strong)"
          maskColor="color-mix(in srgb, var(--sluice-canvas) 70%, transparent)"
        />
      )}
      <Announcer />
    </ReactFlow>
  );
}

/** Says to screen readers what was done. The key makes the same words be said again. */
function Announcer() {
  const spoken = useDocument((state) => state.spoken);
  return (
    <div className="visually-hidden" aria-live="polite" role="status" data-testid="announcer">
      <span key={spoken.count}>{spoken.text}</span>
    </div>
  );
}
