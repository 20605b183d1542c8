import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RunEvent } from '../../spec/api/run.ts';
import { runQuery } from '../api/queries.ts';
import { useRunEvents } from '../api/use-run-events.ts';
import { runLogQuery } from './queries.ts';
import { isOver } from './run-words.ts';

/** A run that follows the server's events while it goes on. */
export function useLiveRun(id: string) {
  const client = useQueryClient();
  const { queryKey } = runQuery(id);
  const reread = () => void client.invalidateQueries({ queryKey });
  const receive = (event: RunEvent) => {
    if (event.kind === 'run') {
      if (event.run.id !== id) return;
      client.setQueryData(queryKey, (run) => run && { ...run, ...event.run });
      if (isOver(event.run)) reread();
      return;
    }
    if (event.runId !== id) return;
    if (event.kind === 'log') {
      client.setQueryData(runLogQuery(id).queryKey, (lines) => lines && [...lines, event.line]);
      return;
    }
    const { step } = event;
    client.setQueryData(queryKey, (run) => {
      if (!run) return run;
      const known = run.steps.some(({ node }) => node === step.node);
      // Events do not list the rounds of a step; those that are known stay until the run is read again.
      const steps = known
        ? run.steps.map((one) => (one.node === step.node ? { inRounds: one.inRounds, ...step } : one))
        : [...run.steps, step];
      return { ...run, steps };
    });
    if (step.finishedAt !== undefined) {
      void client.invalidateQueries({ queryKey: ['runs', id, 'records', step.node] });
    }
  };
  useRunEvents(receive, reread);
  return useQuery(runQuery(id));
}
