import { Button, Group, Textarea } from '@mantine/core';
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
      <Group gap="xs" mt={6}>
        <Button size="xs" loading={busy('done')} onClick={() => answer.mutate({ kind: 'done', ...about })}>
          It was done
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={busy('not-done')}
          onClick={() => answer.mutate({ kind: 'not-done', ...about })}
        >
          It was not done
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={busy('again')}
          onClick={() => answer.mutate({ kind: 'again', ...about })}
        >
          Do it again
        </Button>
      </Group>
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
