import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import type { Edge } from '../../spec/workflow/document.ts';
import { arrange } from './arrange.ts';
import { useCanvas } from './CanvasContext.tsx';
import { cardWidth, stickySize } from './card-size.ts';
import { moveTo, type Place } from './edits.ts';
import { focusStep } from './StepCard.tsx';
import { selectionOf } from './selection.ts';
import type { Direction } from './walk.ts';
import { walk } from './walk.ts';

/** Below this zoom the words on cards cannot be read. */
const legible = 0.62;

/** What needs both the document and the view on it: the middle of what is seen, going to a node, laying out. */
export interface CanvasView {
  middle(): Place;
  /** The first view: everything if that can be read, else the beginning. */
  open(): void;
  fit(): void;
  zoom(factor: number): void;
  /** Selects a node, brings it into view and puts the keyboard on it. */
  goTo(node: string): void;
  walk(direction: Direction): void;
  arrange(): Promise<void>;
  addNote(): void;
  /** After adding a node: to its settings if something must be filled in, else to its card. */
  added(node: string): void;
  accepts(edge: Edge): boolean;
}

export function useCanvasView(): CanvasView {
  const { documents, types, ui, commands, problems, refusals } = useCanvas();
  const flow = useReactFlow();
  return useMemo(() => {
    const middle = (): Place => {
      const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
      const { x, y } = flow.screenToFlowPosition({
        x: (pane?.left ?? 0) + (pane?.width ?? 0) / 2,
        y: (pane?.top ?? 0) + (pane?.height ?? 0) / 2,
      });
      return [x - cardWidth / 2, y - 39];
    };
    const show = (id: string) => {
      const [x, y] = documents.getState().document.layout[id] ?? [0, 0];
      const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
      const corner = flow.flowToScreenPosition({ x, y });
      const end = flow.flowToScreenPosition({ x: x + cardWidth, y: y + 80 });
      const inside = pane && corner.x > pane.left && corner.y > pane.top && end.x < pane.right && end.y < pane.bottom;
      if (!inside)
        void flow.setCenter(x + cardWidth / 2, y + 40, { zoom: Math.max(0.6, flow.getZoom()), duration: 150 });
    };
    const goTo = (id: string) => {
      documents.getState().select(selectionOf({ nodes: [id] }));
      show(id);
      requestAnimationFrame(() => focusStep(id));
    };
    const open = () => {
      const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
      const bounds = flow.getNodesBounds(flow.getNodes());
      if (!pane || bounds.width === 0) return;
      const whole = Math.min(pane.width / (bounds.width + 160), pane.height / (bounds.height + 120));
      const zoom = Math.max(legible, Math.min(1, whole));
      const x = whole >= legible ? (pane.width - bounds.width * zoom) / 2 : 48;
      const y = Math.max(48, (pane.height - bounds.height * zoom) / 2);
      void flow.setViewport({ x: x - bounds.x * zoom, y: y - bounds.y * zoom, zoom });
    };
    return {
      middle,
      open,
      goTo,
      fit: () => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }),
      zoom: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: 120 }),
      walk(direction) {
        const { document: workflow, selection } = documents.getState();
        const next = walk(workflow, [...selection.nodes].at(-1), direction);
        if (next !== undefined) goTo(next);
      },
      async arrange() {
        const { document: workflow } = documents.getState();
        const places = await arrange(workflow, types);
        documents.getState().apply('Lay out', (now) => (now === workflow ? moveTo(now, places) : now));
        requestAnimationFrame(() => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }));
      },
      addNote() {
        const [x, y] = middle();
        ui.setState({ editingSticky: commands.addNote([x, y - stickySize[1]]) });
      },
      added(id) {
        if (problems.getState().byNode.has(id)) {
          show(id);
          ui.setState({ panel: { node: id } });
        } else goTo(id);
      },
      accepts: (edge) => refusals.of(documents.getState().document, edge) === undefined,
    };
  }, [documents, types, ui, commands, problems, refusals, flow]);
}
