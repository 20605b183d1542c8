import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ReactFlowProvider } from '@xyflow/react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import type { WorkflowView } from '../../spec/api/workflow.ts';
import { call } from '../api/call.ts';
import { credentialsQuery, lastRunQuery, runQuery } from '../api/queries.ts';
import { useRunEvents } from '../api/use-run-events.ts';
import { Autosave } from './autosave.ts';
import { CanvasProvider, type CanvasStores, useCanvas, useUi } from './CanvasContext.tsx';
import classes from './CanvasWorkspace.module.css';
import { ConnectDialog } from './ConnectDialog.tsx';
import { createCommands } from './commands.ts';
import { DifferenceDialog } from './DifferenceDialog.tsx';
import { createDocumentStore } from './document-store.ts';
import { EmptyCanvas } from './EmptyCanvas.tsx';
import type { Types } from './edits.ts';
import { FlowCanvas } from './FlowCanvas.tsx';
import { withPlaces } from './first-places.ts';
import { HistoryDrawer } from './HistoryDrawer.tsx';
import { NodePicker } from './NodePicker.tsx';
import { Palette } from './Palette.tsx';
import { createProblemStore } from './problem-store.ts';
import { RunBar } from './RunBar.tsx';
import { RunInputDialog } from './RunInputDialog.tsx';
import { Refusals } from './refusal.ts';
import { createRunStore, isOver } from './run-store.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { SettingsDrawer } from './SettingsDrawer.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { TopBar } from './TopBar.tsx';
import { createUiStore } from './ui-store.ts';
import { useCanvasKeys } from './use-canvas-keys.ts';
import { useCanvasView } from './use-canvas-view.ts';
import { useRunControl } from './use-run-control.ts';

const NodePanel = lazy(async () => ({ default: (await import('../panels/NodePanel.tsx')).NodePanel }));

interface Props {
  readonly state: WorkflowView;
  readonly types: Types;
  readonly readOnly: boolean;
}

/** One open workflow: its stores, and everything that is shown of them. */
export function CanvasWorkspace({ state, types, readOnly }: Props) {
  const [stores] = useState(() => createStores(state, types, readOnly));
  useEffect(
    () => () => {
      void stores.autosave.flush();
    },
    [stores],
  );
  return (
    <CanvasProvider value={stores}>
      <ReactFlowProvider>
        <Workspace />
      </ReactFlowProvider>
    </CanvasProvider>
  );
}

function Workspace() {
  const view = useCanvasView();
  const control = useRunControl();
  const panel = useUi((state) => state.panel);
  useCanvasKeys(view, () => void control.start());
  useLiveRun();
  useKnownCredentials();
  useSaveBeforeLeaving();
  return (
    <div className={classes.workspace}>
      <TopBar control={control} />
      <div className={classes.body}>
        <div className={classes.region} data-region="steps">
          <Palette />
        </div>
        <section className={classes.canvas} aria-label="Canvas" data-region="canvas">
          <FlowCanvas />
          <EmptyCanvas />
          <SelectionBar />
          <RunBar />
        </section>
      </div>
      <NodePicker />
      {panel && (
        <Suspense>
          <NodePanel key={panel.node} node={panel.node} field={panel.field} control={control} />
        </Suspense>
      )}
      <ShortcutSheet />
      <ConnectDialog />
      <RunInputDialog control={control} />
      <DifferenceDialog />
      <HistoryDrawer />
      <SettingsDrawer />
    </div>
  );
}

function createStores(state: WorkflowView, types: Types, readOnly: boolean): CanvasStores {
  const workflowId = state.id;
  const documents = createDocumentStore(withPlaces(state.document, types), { readOnly });
  const refusals = new Refusals(types);
  const autosave = new Autosave(documents, state.revision, {
    save: (document, revision) => call(routes.saveDraft, { id: workflowId, body: document }, { ifMatch: revision }),
    newest: async () => {
      const newest = await call(routes.getWorkflow, { id: workflowId });
      return { ...newest, document: withPlaces(newest.document, types) };
    },
  });
  return {
    workflowId,
    types,
    documents,
    autosave,
    problems: createProblemStore(documents, types),
    runs: createRunStore(),
    ui: createUiStore(),
    refusals,
    commands: createCommands(documents, types, refusals),
  };
}

/** Feeds the run store: events as they come, and the whole run at the start and after a gap. */
function useLiveRun(): void {
  const { runs, documents, workflowId } = useCanvas();
  const client = useQueryClient();
  const reload = useCallback(
    async (id: string) => {
      const run = await client.fetchQuery({ ...runQuery(id), staleTime: 0 });
      runs.getState().show(run);
      // Whoever asks while an answer is on its way gets that one, which may be of before the end.
      const known = runs.getState().run;
      if (known?.id === id && isOver(known) && !isOver(run)) {
        runs.getState().show(await client.fetchQuery({ ...runQuery(id), staleTime: 0 }));
      }
    },
    [client, runs],
  );
  useRunEvents(
    (event) => {
      runs.getState().receive(event);
      if (event.kind === 'run' && event.run.id === runs.getState().followed && isOver(event.run)) {
        documents.getState().say(`The run has ended: ${event.run.status}`);
        void reload(event.run.id);
        void client.invalidateQueries({
          queryKey: ['runs'],
          predicate: (query) => typeof query.queryKey[1] === 'object',
        });
      }
    },
    () => {
      const { followed } = runs.getState();
      if (followed !== undefined) void reload(followed);
    },
  );
  const last = useQuery(lastRunQuery(workflowId)).data;
  useEffect(() => {
    if (last) runs.getState().recall(last);
  }, [last, runs]);
  useEffect(
    () =>
      runs.subscribe((now, before) => {
        if (now.followed !== undefined && now.followed !== before.followed) void reload(now.followed);
      }),
    [runs, reload],
  );
}

function useKnownCredentials(): void {
  const { problems } = useCanvas();
  const credentials = useQuery(credentialsQuery).data;
  useEffect(() => {
    if (credentials) problems.setContext({ credentials });
  }, [credentials, problems]);
}

/** Asks before a tab is closed whose last edit is not saved yet. */
function useSaveBeforeLeaving(): void {
  const { autosave } = useCanvas();
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (autosave.state.getState().save.kind === 'saved') return;
      void autosave.flush();
      event.preventDefault();
    };
    const onOnline = () => {
      if (autosave.state.getState().save.kind === 'failed') autosave.retry();
    };
    window.addEventListener('beforeunload', onLeave);
    window.addEventListener('online', onOnline);
    return () => {
      window.removeEventListener('beforeunload', onLeave);
      window.removeEventListener('online', onOnline);
    };
  }, [autosave]);
}
