import { Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { Background, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import type { Differences } from '../../spec/workflow/differences.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import type { Tone } from '../ui/StatusBadge.tsx';
import { Tag } from '../ui/Tag.tsx';
import { CanvasProvider, useCanvas, useDocument, useUi } from './CanvasContext.tsx';
import classes from './DifferenceDialog.module.css';
import { type Mark, markDifferences } from './difference-marks.ts';
import { createDocumentStore } from './document-store.ts';
import { FlowEdge } from './FlowEdge.tsx';
import { FrameCard } from './FrameCard.tsx';
import { FlowElements } from './flow-elements.ts';
import { createRunStore } from './run-store.ts';
import { StepCard } from './StepCard.tsx';
import { StickyCard } from './StickyCard.tsx';
import { nothingSelected, selectionOf } from './selection.ts';
import { createUiStore } from './ui-store.ts';
import { usePublication } from './use-publication.ts';

const nodeTypes = { step: StepCard, sticky: StickyCard, frame: FrameCard };
const edgeTypes = { flow: FlowEdge };
const noMoves = new Map<string, readonly [number, number]>();

const words: Readonly<Record<Mark, { sign: string; word: string; tone: Tone }>> = {
  added: { sign: '+', word: 'Added', tone: 'good' },
  removed: { sign: '−', word: 'Removed', tone: 'bad' },
  changed: { sign: '≠', word: 'Changed', tone: 'warn' },
  moved: { sign: '↔', word: 'Moved', tone: 'quiet' },
};

/** The draft beside the live version, drawn as one. */
export function DifferenceDialog() {
  const { ui } = useCanvas();
  const opened = useUi((state) => state.dialog === 'difference');
  return (
    <Modal
      opened={opened}
      onClose={() => ui.setState({ dialog: undefined })}
      title="What differs from the live version"
      fullScreen
      classNames={{ body: classes.body ?? '', content: classes.content ?? '' }}
    >
      <Content />
    </Modal>
  );
}

function Content() {
  const draft = useDocument((state) => state.document);
  const { published, difference } = usePublication();
  if (!published || !difference) return <Text c="dimmed">There is no live version.</Text>;
  return (
    <div className={classes.split}>
      <ReactFlowProvider>
        <Drawing draft={draft} published={published} difference={difference} />
      </ReactFlowProvider>
    </div>
  );
}

function Drawing({ draft, published, difference }: { draft: Workflow; published: Workflow; difference: Differences }) {
  const stores = useCanvas();
  const flow = useReactFlow();
  const [chosen, setChosen] = useState<string>();
  const marked = useMemo(
    () => markDifferences(draft, published, difference, stores.types),
    [draft, published, difference, stores.types],
  );
  // Cards read stores; here they get ones of their own, so that nothing on the real canvas moves.
  const own = useMemo(
    () => ({
      ...stores,
      documents: createDocumentStore(marked.document, { readOnly: true }),
      runs: createRunStore(),
      ui: createUiStore(),
    }),
    [stores, marked],
  );
  const { nodes, edges } = useMemo(() => {
    const elements = new FlowElements();
    const selection = chosen === undefined ? nothingSelected : selectionOf({ nodes: [chosen] });
    const drawn = { document: marked.document, types: stores.types, selection, moving: noMoves };
    return {
      nodes: elements.nodes(drawn).map((node) => ({ ...node, className: markClass(marked.nodes.get(node.id)) })),
      edges: elements.edges(drawn).map((edge) => ({
        ...edge,
        className: marked.edges.has(edge.id) ? `${classes.edge} ${markClass(marked.edges.get(edge.id))}` : '',
      })),
    };
  }, [marked, stores.types, chosen]);
  useEffect(() => {
    if (chosen !== undefined) void flow.fitView({ nodes: [{ id: chosen }], maxZoom: 1, duration: 200 });
  }, [chosen, flow]);
  return (
    <CanvasProvider value={own}>
      <div className={classes.drawing}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          fitView
          fitViewOptions={{ maxZoom: 1 }}
          minZoom={0.15}
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={20} size={1.4} color="var(--sluice-dot)" />
        </ReactFlow>
      </div>
      <ScrollArea className={classes.list ?? ''}>
        <Stack gap={4}>
          {!difference.matters && <Text size="sm">Runs would do the same.</Text>}
          {[...marked.nodes].map(([id, mark]) => (
            <button key={id} type="button" className={classes.entry} onClick={() => setChosen(id)}>
              <Group gap={8} wrap="nowrap" align="flex-start">
                <Tag tone={words[mark].tone}>
                  {words[mark].sign} {words[mark].word}
                </Tag>
                <div>
                  <Text size="sm" fw={500}>
                    {marked.document.nodes.find((node) => node.id === id)?.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {changedWords(difference, id)}
                  </Text>
                </div>
              </Group>
            </button>
          ))}
          {marked.edges.size > 0 && (
            <Text size="sm" mt="xs">
              Edges: {difference.addedEdges.length} added, {difference.removedEdges.length} removed
            </Text>
          )}
          {difference.settings.length > 0 && <Text size="sm">Settings: {difference.settings.join(', ')}</Text>}
        </Stack>
      </ScrollArea>
    </CanvasProvider>
  );
}

function changedWords(difference: Differences, id: string): string {
  const change = difference.changed.find((entry) => entry.id === id);
  return change ? [...change.fields, ...change.params].join(', ') : '';
}

function markClass(mark: Mark | undefined): string {
  return (mark && classes[mark]) ?? '';
}
