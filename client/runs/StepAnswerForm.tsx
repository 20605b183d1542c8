import { Button, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../session/use-may.ts';
import { useStepAnswer } from './use-run-actions.ts';

interface Props {
  readonly run: string;
  readonly node: string;
  readonly kind: 'approval' | 'unknown-outcome';
  /** Key of the call in doubt, so that the answer is not taken for another one's. */
  readonly call?: string | undefined;
}

const found = [
  ['done', 'It was done'],
  ['not-done', 'It was not done'],
  ['again', 'Do it again'],
] as const;

/** The buttons by which a person lets a waiting step go on. */
export function StepAnswerForm({ run, node, kind, call }: Props) {
  const may = useMay();
  const answer = useStepAnswer(run, node);
  const [comment, setComment] = useState('');
  if (!may('run.control')) return null;
  const busy = (one: string) => answer.isPending && answer.variables.kind === one;
  if (kind === 'unknown-outcome') {
    const about = call === undefined ? {} : { call };
    return (
      <>
        <Group gap="xs" mt={6}>
          {found.map(([kind, words]) => (
            <Button
              key={kind}
              size="xs"
              variant="default"
              loading={busy(kind)}
              disabled={answer.isPending}
              onClick={() => answer.mutate({ kind, ...about })}
            >
              {words}
            </Button>
          ))}
        </Group>
        <Text size="xs" c="dimmed">
          Look in the service first. Was it done, the run goes on without it. Was it not done, or is it to be done again
          in any case, it is sent once more with the same key.
        </Text>
      </>
    );
  }
  const said = comment.trim() === '' ? {} : { comment: comment.trim() };
  return (
    <>
      <Textarea
        aria-label="Comment"
        placeholder="Comment (optional)"
        size="xs"
        autosize
        minRows={1}
        maxRows={5}
        mt={4}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Group gap="xs" mt={4}>
        <Button
          size="xs"
          loading={busy('approved')}
          disabled={answer.isPending}
          onClick={() => answer.mutate({ kind: 'approved', ...said })}
        >
          Approve
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={busy('declined')}
          disabled={answer.isPending}
          onClick={() => answer.mutate({ kind: 'declined', ...said })}
        >
          Decline
        </Button>
      </Group>
    </>
  );
}
