import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { routes } from '../../spec/api/routes.ts';
import type { StepAnswer } from '../../spec/api/runs.ts';
import { call } from '../api/call.ts';
import { needsYouQuery, runQuery } from '../api/queries.ts';
import { tellFailure } from '../ui/tell-failure.ts';

export interface Restart {
  /** Step to begin with; the one that failed if absent. */
  readonly from?: string | undefined;
  /** The workflow as it is now, not as it was for this run. */
  readonly newest?: boolean;
}

/** Cancelling a run, and starting it again. A restart is a new run, which is opened unless `stay` is set. */
export function useRunActions(id: string, { stay = false } = {}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const reread = () => client.invalidateQueries({ queryKey: ['runs'] });
  const cancel = useMutation({
    mutationFn: () => call(routes.cancelRun, { id }),
    onError: tellFailure('The run could not be cancelled'),
    onSettled: reread,
  });
  const restart = useMutation({
    mutationFn: ({ from, newest = false }: Restart) =>
      call(routes.restartRun, {
        id,
        body: { ...(from === undefined ? {} : { from }), version: newest ? 'newest' : 'same' },
      }),
    onSuccess: ({ id: made }) => {
      notifications.show({ message: 'A new run has started.' });
      if (!stay) void navigate(`/runs/${made}`);
    },
    onError: tellFailure('The run could not be restarted'),
    onSettled: reread,
  });
  return { cancel, restart };
}

/** Says what a step waits to hear. */
export function useStepAnswer(run: string, node: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (answer: StepAnswer) => call(routes.answerStep, { id: run, node, body: answer }),
    onError: tellFailure('The answer was not taken'),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: needsYouQuery.queryKey });
      await client.invalidateQueries({ queryKey: runQuery(run).queryKey });
    },
  });
}
