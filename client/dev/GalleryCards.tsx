import { Box } from '@mantine/core';
import { Background, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useMemo } from 'react';
import { CanvasProvider } from '../canvas/CanvasContext.tsx';
import { FlowEdge } from '../canvas/FlowEdge.tsx';
import { FrameCard } from '../canvas/FrameCard.tsx';
import { FlowElements } from '../canvas/flow-elements.ts';
import { StepCard } from '../canvas/StepCard.tsx';
import { StickyCard } from '../canvas/StickyCard.tsx';
import { selectionOf } from '../canvas/selection.ts';
import { GallerySection } from './GallerySection.tsx';
import { galleryStores } from './gallery-stores.ts';

const nodeTypes = { step: StepCard, sticky: StickyCard, frame: FrameCard };
const edgeTypes = { flow: FlowEdge };

/** Cards and edges as a run leaves them: each status, problems, disabled, a container, a note. */
export function GalleryCards() {
  const stores = useMemo(galleryStores, []);
  const drawn = useMemo(() => {
    const elements = new FlowElements();
    const given = {
      document: stores.documents.getState().document,
      types: stores.types,
      selection: selectionOf({ nodes: ['chosen'] }),
      moving: new Map(),
    };
    return { nodes: elements.nodes(given), edges: elements.edges(given) };
  }, [stores]);
  return (
    <GallerySection title="Cards on the canvas">
      <Box h={560}>
        <CanvasProvider value={stores}>
          <ReactFlowProvider>
            <ReactFlow
              {...drawn}
              nodeTypes={nodeTypes}
              edgeTypes={edgeTypes}
              nodesFocusable={false}
              edgesFocusable={false}
              fitView
              minZoom={0.2}
              panOnDrag={false}
              zoomOnScroll={false}
              preventScrolling={false}
              proOptions={{ hideAttribution: true }}
            >
              <Background gap={20} size={1.4} color="var(--sluice-dot)" />
            </ReactFlow>
          </ReactFlowProvider>
        </CanvasProvider>
      </Box>
    </GallerySection>
  );
}
