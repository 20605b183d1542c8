import { notifications } from '@mantine/notifications';
import { useCallback, useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { call } from '../api/call.ts';
import { asProblem } from '../api/problem-error.ts';
import { useCanvas } from './CanvasContext.tsx';
import { withInside } from './containers.ts';
import { isOver } from './run-store.ts';

export interface RunRequest {
  readonly trigger?: string;
  readonly input?: readonly DataRecord[];
  /** Runs this node alone; what stands inside it too. */
  readonly only?: string;
}

export interface RunControl {
  readonly starting: boolean;
  /** Saves the draft, starts it and follows the run on the canvas. Resolves to its id, or undefined if it could not start. */
  start(request?: RunRequest): Promise<string | undefined>;
  cancel(): Promise<void>;
}

export function useRunControl(): RunControl {
  const { workflowId, autosave, runs, documents, problems, ui } = useCanvas();
  const [starting, setStarting] = useState(false);

  const start = useCallback(
    async ({ trigger, input, only }: RunRequest = {}) => {
      if (only === undefined && problems.getState().all.length > 0) {
        ui.setState({ dialog: 'problems' });
        return undefined;
      }
      setStarting(true);
      try {
        await autosave.flush();
        const { save } = autosave.state.getState();
        if (save.kind === 'failed') throw save.error;
        if (save.kind === 'conflict') return undefined;
        const { id } = await call(routes.startRun, {
          id: workflowId,
          body: {
            draft: true,
            ...(trigger === undefined ? {} : { trigger }),
            ...(input === undefined ? {} : { input: [...input] }),
            ...(only === undefined ? {} : { only }),
          },
        });
        const { document, say } = documents.getState();
        runs.getState().follow(id, only === undefined ? undefined : withInside(document, [only]));
        say('The run has started');
        return id;
      } catch (error) {
        const problem = asProblem(error);
        notifications.show({
          color: 'red',
          title: 'The run did not start',
          message: [problem.message, problem.remedy].filter(Boolean).join(' '),
        });
        return undefined;
      } finally {
        setStarting(false);
      }
    },
    [workflowId, autosave, runs, documents, problems, ui],
  );

  const cancel = useCallback(async () => {
    const { run } = runs.getState();
    if (!run || isOver(run)) return;
    try {
      await call(routes.cancelRun, { id: run.id });
    } catch (error) {
      notifications.show({ color: 'red', title: 'The run could not be stopped', message: asProblem(error).message });
    }
  }, [runs]);

  return { starting, start, cancel };
}
